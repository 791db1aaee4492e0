/** One try to fetch a token by a name: from where, at which address, and what came. */
export interface Fetched {
  from: "here" | "host";
  name: string;
  /** null: the name has no address, as far as that side knows. */
  address: string | null;
  /**
   * `token`: ours. `other`: another answer, told in `seen`. `refused`, `silent`: nobody there, or behind a firewall.
   * `unknown`: it could not be tried (no IPv6 here, no name server).
   */
  outcome: "token" | "other" | "refused" | "silent" | "unknown" | "no-address";
  seen: string;
}

export interface ReachProblem {
  message: string;
  expected: string;
  seen: string;
  hint: string;
}

/**
 * Why an authority would not find this host by one of its names; null = it will, or nothing that was seen speaks against it.
 * What the host sees of itself counts where we can not look; what we see from outside counts more, for so does the
 * authority. `inside`: the authority is one of one's own, which may stand where we do not.
 */
export function judgeReach(rows: Fetched[], host: string, inside: boolean): ReachProblem | null {
  for (const name of new Set(rows.map((row) => row.name))) {
    const found = judgeName(
      name,
      rows.filter((row) => row.name === name),
      host,
      inside,
    );
    if (found) return found;
  }
  return null;
}

function judgeName(name: string, rows: Fetched[], host: string, inside: boolean): ReachProblem | null {
  const expected = `http://${name}/ leads to ${host}`;
  const other = rows.find((row) => row.outcome === "other");
  if (other)
    return {
      message: `http://${name}/ is answered by something else`,
      expected,
      seen: `${other.address}: ${other.seen}${from(other)}`,
      hint: `let ${record(other.address)} of ${name} lead to this host, or see which server listens on its port 80 (ss -ltnp)`,
    };
  const reached = (address: string | null) =>
    rows.some((row) => row.address === address && row.outcome === "token");
  const dead = rows.find(
    (row) =>
      (row.outcome === "refused" || row.outcome === "silent") &&
      // Only from outside it is the authority's way; a host behind a NAT can not always reach its own address.
      (row.from === "here"
        ? !(inside && reached(row.address))
        : !rows.some((one) => one.from === "here" && one.outcome === "token")),
  );
  if (dead)
    return {
      message: `${name} can not be reached at ${dead.address}`,
      expected,
      seen: `port 80 ${dead.outcome === "refused" ? "refuses connections" : "does not answer"}${from(dead)}`,
      hint: isIpv6(dead.address)
        ? `remove the AAAA record of ${name}, or let it lead to this host and open port 80 there`
        : `let the A record of ${name} lead to this host, and open its port 80 in the firewall (ufw allow 80,443/tcp; the provider's firewall too)`,
    };
  if (rows.every((row) => row.outcome === "no-address"))
    return {
      message: `${name} has no address`,
      expected,
      seen: "neither an A nor an AAAA record",
      hint: `make an A record for ${name} that leads to this host, and wait until it is known`,
    };
  return null;
}

function from(row: Fetched): string {
  return row.from === "host" ? " (asked from the host)" : " (asked from here)";
}

function record(address: string | null): string {
  return isIpv6(address) ? "the AAAA record" : "the A record";
}

function isIpv6(address: string | null): boolean {
  return address?.includes(":") === true;
}
