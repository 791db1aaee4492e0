import { DeployError, type ErrorDetails, ExitCode } from "../errors.ts";
import { shortened } from "../report/visible.ts";
import type { Target } from "./types.ts";

/** How far a connection has come: each stage fails in its own ways. */
export type Stage = "tcp" | "banner" | "handshake" | "auth" | "channel";

/** Everything that was learned on the way, to explain a failure with. */
export interface Progress {
  stage: Stage;
  /** What the server sent first, printable. */
  banner: string;
  /** What the server offers, by kind of algorithm. */
  offers: Record<string, string[]> | null;
  timeoutMs: number;
  error: (Error & { code?: unknown; level?: string }) | null;
}

/** Exit code 5: the host could not be reached or trusted. */
export function unreachable(
  target: Target,
  code: string,
  message: string,
  details: ErrorDetails = {},
): DeployError {
  // A server's lists of methods and algorithms may be as long as a packet.
  const seen = details.seen === undefined ? {} : { seen: shortened(details.seen, 500) };
  const all = { host: target.name, ...details, ...seen };
  return new DeployError(`ssh.${code}`, ExitCode.unreachable, message, all);
}

/** `web1.example.com port 22`: where the connection was tried. */
export function place(target: Target): string {
  return `${target.host} port ${target.port}`;
}

const reasons: Record<string, { code: string; says: (place: string) => string; hint: string }> = {
  ENOTFOUND: {
    code: "name-not-found",
    says: (at) => `The name of ${at} can not be resolved`,
    hint: "check the spelling in hosts:, and DNS (aliases of ~/.ssh/config work on the command line only)",
  },
  EAI_AGAIN: {
    code: "name-not-found",
    says: (at) => `The name of ${at} can not be resolved now: no DNS server answered`,
    hint: "check this machine's network, then try again",
  },
  ECONNREFUSED: {
    code: "refused",
    says: (at) => `${at} refuses connections`,
    hint: "is sshd running there, and on this port? systemctl status ssh",
  },
  EHOSTUNREACH: {
    code: "no-route",
    says: (at) => `${at} can not be reached: no route to it, or it is down`,
    hint: "is the host up, and does a firewall or VPN stand between?",
  },
  ETIMEDOUT: {
    code: "timeout",
    says: (at) => `${at} does not answer`,
    hint: "is the host up, and does its firewall let this machine in?",
  },
  ECONNRESET: {
    code: "closed-early",
    says: (at) => `${at} closed the connection at once`,
    hint: "sshd's MaxStartups, fail2ban or a firewall may be turning this machine away: look into the host's auth log",
  },
};
reasons.ENETUNREACH = reasons.EHOSTUNREACH!;
reasons.EADDRNOTAVAIL = reasons.EHOSTUNREACH!;
reasons.EHOSTDOWN = reasons.EHOSTUNREACH!;
reasons.EACCES = reasons.EHOSTUNREACH!;
reasons.EPERM = reasons.EHOSTUNREACH!;
reasons.EPIPE = reasons.ECONNRESET!;

/** Why no TCP connection came up. */
export function tcpFailure(target: Target, error: Error & { code?: string }): DeployError {
  const reason = reasons[error.code ?? ""];
  if (!reason) return unreachable(target, "failed", `${place(target)}: ${error.message}`, { cause: error });
  return unreachable(target, reason.code, reason.says(place(target)), {
    seen: error.message || (error.code ?? "no answer"),
    hint: reason.hint,
    cause: error,
  });
}

/** Nothing came for the whole of the time a stage may take. */
export function stalled(target: Target, progress: Pick<Progress, "stage" | "timeoutMs">): DeployError {
  const within = `within ${progress.timeoutMs / 1000} s`;
  switch (progress.stage) {
    case "tcp":
      return unreachable(target, "timeout", `${place(target)} does not answer ${within}`, {
        hint: reasons.ETIMEDOUT!.hint,
      });
    case "banner":
      return unreachable(
        target,
        "timeout-banner",
        `${place(target)} takes connections but says nothing ${within}`,
        {
          expected: "an SSH server's greeting",
          hint: "is it an SSH port? an overloaded host or sshd waiting for DNS (UseDNS) looks like this too",
        },
      );
    case "handshake":
      return unreachable(
        target,
        "timeout-handshake",
        `${place(target)} did not finish the key exchange ${within}`,
        {
          hint: "a network that drops large packets (MTU, VPN) looks like this, or an overloaded host",
        },
      );
    case "channel":
      return unreachable(
        target,
        "timeout-channel",
        `${place(target)} let ${target.user} in, but started no program ${within}`,
        {
          hint: "does the login wait for something there (PAM session modules, a home on a network disk)? try: ssh HOST true",
        },
      );
    default:
      return unreachable(
        target,
        "timeout-auth",
        `${place(target)} did not answer the login of ${target.user} ${within}`,
        {
          hint: "slow PAM, LDAP or DNS on the host looks like this",
        },
      );
  }
}

const kinds: [RegExp, string][] = [
  [/key exchange algorithm/, "kex"],
  [/host key format/, "hostKey"],
  [/cipher/, "cipher"],
  [/MAC/, "mac"],
  [/compression/, "compression"],
];

/** Why an SSH connection that had its TCP connection did not get to the login. */
export function handshakeFailure(target: Target, progress: Progress): DeployError {
  const { error, banner } = progress;
  const cause = error === null ? {} : { cause: error };
  if (!banner.startsWith("SSH-") && !/\nSSH-/.test(banner)) {
    if (banner === "" && progress.stage === "banner") {
      return unreachable(target, "closed-early", reasons.ECONNRESET!.says(place(target)), {
        hint: reasons.ECONNRESET!.hint,
        ...cause,
      });
    }
    // sshd says these in the clear before it hangs up (sshd.c, "Exceeded MaxStartups", and srclimit.c's penalties).
    if (/^(Exceeded MaxStartups|Not allowed at this time)/.test(banner)) {
      return unreachable(target, "closed-early", reasons.ECONNRESET!.says(place(target)), {
        seen: banner.split("\n")[0]!,
        hint: reasons.ECONNRESET!.hint,
        ...cause,
      });
    }
    return unreachable(target, "not-ssh", `${place(target)} is not an SSH server`, {
      expected: "a line that starts with SSH-2.0-",
      seen: banner === "" ? "blank lines" : JSON.stringify(shortened(banner.split("\n")[0]!, 80)),
      hint: "check the port",
      ...cause,
    });
  }
  const message = error?.message ?? "the server closed the connection";
  if (/no matching/.test(message)) {
    const kind = kinds.find(([pattern]) => pattern.test(message))?.[1];
    const offered = kind ? progress.offers?.[kind] : undefined;
    return unreachable(
      target,
      "no-common-algorithm",
      `${place(target)} and djdeploy share no ${kind ?? "algorithm"}`,
      {
        seen: offered ? `the server offers ${offered.join(", ")}` : message,
        hint: "allow a current algorithm in sshd_config on the host",
        ...cause,
      },
    );
  }
  if (/ECONNRESET|EPIPE|closed|lost/i.test(`${error?.code ?? ""} ${message}`) || error === null) {
    return unreachable(target, "closed-early", `${place(target)} closed the connection before the login`, {
      seen: message,
      hint: reasons.ECONNRESET!.hint,
      ...cause,
    });
  }
  return unreachable(target, "key-exchange", `The key exchange with ${place(target)} failed`, {
    seen: message,
    ...cause,
  });
}

/** What came during the login is no SSH: nothing is known of our keys. */
export function unreadable(target: Target, error: Error): DeployError {
  return unreachable(target, "protocol", `What ${place(target)} sent during the login is not SSH`, {
    seen: error.message,
    hint: "a banner that is longer than a packet (Banner in sshd_config) looks like this, and a broken sshd or network device",
    cause: error,
  });
}

/** A connection that was up and is gone. */
export function connectionLost(target: Target, why: string, cause?: Error): DeployError {
  return unreachable(target, "connection-lost", `The connection to ${target.name} was lost: ${why}`, {
    hint: "what ran on the host may still be running there",
    ...(cause ? { cause } : {}),
  });
}
