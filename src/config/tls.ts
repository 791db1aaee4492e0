import { isIP } from "node:net";
import type { Conflict } from "./doors.ts";
import { hostOf, toHost } from "./resolve.ts";
import type { Settings } from "./schema/index.ts";

/** Whether an authority that asks over the internet would give one for this address. */
export function takesCertificate(url: string | null): boolean {
  if (url === null || !URL.canParse(url)) return false;
  const { protocol, hostname, port } = new URL(url);
  return (
    protocol === "https:" && port === "" && /^[a-z0-9.-]+\.[a-z]/i.test(hostname) && isIP(hostname) === 0
  );
}

/** What a certificate of the site's own excludes: nobody would show it, or no authority would give it. */
export function tlsProblems(s: Settings): Conflict[] {
  if (s.tls === "none" || s.tls === "external") return [];
  const problems: Conflict[] = [];
  const add = (path: Conflict["path"], message: string, hint: string) =>
    problems.push({ path, message, hint });
  if (s.nginx === "none")
    add(
      ["tls"],
      "nginx: none leaves HTTPS to your own web server",
      "give it the certificate there and write tls: external, or leave nginx to setup (nginx: manage)",
    );
  if (/^http:/i.test(s.url ?? ""))
    add(["url"], "visitors are sent on to HTTPS", `write ${s.url!.replace(/^http:/i, "https:")}`);
  if (s.front["trusted-proxies"].length > 0)
    add(
      ["front", "trusted-proxies"],
      "a balancer that ends TLS, and a certificate of this host's own",
      "write tls: external where the balancer ends TLS; else take this key out",
    );
  if (s.tls !== "certbot" && !("certbot" in s.tls)) return problems;
  if (s.nginx === "print")
    add(
      ["tls"],
      "setup gets a certificate only for a site that it writes itself (nginx: manage)",
      "leave nginx at manage; or run certbot by hand, and name its files: tls: {certificate: …, key: …}",
    );
  const names = s.domains.length > 0 ? s.domains : hostOf(s.url);
  const at: Conflict["path"] = s.domains.length > 0 ? ["domains"] : ["url"];
  if (names.length === 0)
    add(["tls"], "a certificate is for names, and none is given", "write url or domains");
  const other = names.find((name) => name.startsWith("*.") || isIP(name.replace(/^\[|\]$/g, "")) !== 0);
  if (other !== undefined)
    add(
      at,
      `${other}: the way in which setup proves to an authority whose a name is (HTTP-01) is for plain names only`,
      "list each name; or get this certificate elsewhere, and write tls: {certificate: …, key: …}",
    );
  const web = s.hosts.map(toHost).filter(({ roles }) => roles.includes("web"));
  if (web.length > 1)
    add(
      ["tls"],
      `${web.length} hosts: an authority asks one of them, which need not be the one that asked for the certificate`,
      "let the balancer before them end TLS (tls: external), or give each host the same files: tls: {certificate: …, key: …}",
    );
  return problems;
}
