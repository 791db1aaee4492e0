import type { AuthHandlerMiddleware } from "ssh2";
import { type DeployError, usageError } from "../errors.ts";
import { place, unreachable } from "./failure.ts";
import { type Identities, type Identity, onlyKey } from "./identities.ts";
import type { Target } from "./types.ts";

/** One login: which keys were offered and what the server said to it. */
export interface Login {
  handler: AuthHandlerMiddleware;
  /** Keys that were offered on this connection. */
  tried: Identity[];
  /** One that the host takes, and that the agent did not sign with. */
  unsigned: Identity | null;
  /** Methods that the server would take, in its words; null while it has not said. */
  accepts: string[] | null;
  /** A key was right but the server wants more. */
  partial: boolean;
}

/** Offers the keys one after the other; without any it asks the server for its methods. */
export function loginWith(user: string, keys: readonly Identity[]): Login {
  const waiting = [...keys];
  let asked = false;
  const login: Login = {
    tried: [],
    unsigned: null,
    accepts: null,
    partial: false,
    handler: (methods, partial, next) => {
      if (methods !== null) login.accepts = methods;
      login.partial ||= partial === true;
      const one = login.accepts === null || login.accepts.includes("publickey") ? waiting.shift() : undefined;
      if (one) {
        login.tried.push(one);
        const refused = () => {
          login.unsigned = one;
          if (one.own) waiting.unshift(one.own);
        };
        if (one.agent) next({ type: "agent", username: user, agent: onlyKey(one, refused) });
        else next({ type: "publickey", username: user, key: one.key as unknown as Buffer });
        return;
      }
      if (keys.length === 0 && !asked) {
        asked = true;
        next({ type: "none", username: user });
        return;
      }
      next(false as never);
    },
  };
  return login;
}

/** Of the keys that were tried, those that an error names. */
const mostNamed = 6;

/** Why the login failed: who, with which keys, what the server takes. */
export function loginFailure(
  target: Target,
  all: Identities,
  tried: Identity[],
  login: Login,
  seen: string | null,
): DeployError {
  const who = `${target.user}@${target.host}`;
  const accepts = login.accepts?.length ? `the server accepts ${login.accepts.join(", ")}` : seen;
  const details = { host: target.name, ...(accepts ? { seen: accepts } : {}) };
  if (login.partial) {
    return unreachable(
      target,
      "second-factor",
      `${who}: the key is right, but the host asks for more than a key`,
      {
        ...details,
        hint: "let this user in with a key alone: a Match User block with AuthenticationMethods publickey",
      },
    );
  }
  if (login.accepts !== null && !login.accepts.includes("publickey")) {
    return unreachable(target, "auth-failed", `${who}: the host takes no keys for this user`, {
      ...details,
      expected: "PubkeyAuthentication yes in sshd_config",
    });
  }
  // A key that could not be opened may have been the right one.
  const locked = all.locked[0];
  if (locked) return usageError(locked.code, `${who}: ${locked.message}`, { ...locked.details, ...details });
  if (tried.length === 0) {
    return usageError("ssh.no-key", `There is no key to log in as ${who} with`, {
      ...details,
      expected: "a key in the ssh-private-key input, --identity FILE, the SSH agent or ~/.ssh",
      hint: all.agentProblem ?? "ssh-keygen -t ed25519 makes one",
    });
  }
  const nameOf = (one: Identity) => `${one.fingerprint} (${one.type}, ${one.source})`;
  const { unsigned } = login;
  if (unsigned) {
    return usageError(
      "ssh.agent-refused",
      `${who}: ${unsigned.source} did not sign with a key that the host takes`,
      {
        ...details,
        seen: nameOf(unsigned),
        hint: "a key that is asked about or touched at each use (ssh-add -c, a smart card) waits for you; --identity FILE takes one from its file",
      },
    );
  }
  const left = all.usable.length - tried.length;
  const keys = tried.slice(0, mostNamed).map(nameOf).join("; ");
  const more = tried.length > mostNamed ? ` and ${tried.length - mostNamed} more` : "";
  return unreachable(
    target,
    "auth-failed",
    `${place(target)} does not let ${target.user} in with any of our keys`,
    {
      ...details,
      expected: `one of these keys in authorized_keys of ${target.user}: ${keys}${more}`,
      hint:
        left > 0
          ? `only ${tried.length} of ${all.usable.length} keys were offered: name the right one with --identity FILE (its public half will do where an agent has it)`
          : `add its public key there (is ${target.user} the right user?); where root lets you in, djdeploy setup ENV --user root sees to it, and moves a host that an older djdeploy set up`,
    },
  );
}
