import ssh2, { type ParsedKey } from "ssh2";
import type { DeployError } from "../errors.ts";
import { type AgentBounds, keysOf, openAgent } from "./agent.ts";
import { parsePrivateKey, publicKeyOf } from "./key-text.ts";
import { fingerprint } from "./known-hosts.ts";
import type { Target } from "./types.ts";

/** One key to log in with. */
export interface Identity {
  source: string;
  type: string;
  fingerprint: string;
  key: ParsedKey;
  /** Set when the agent signs. */
  agent: ssh2.BaseAgent | null;
  /** The same key from a file: for an agent that does not sign. */
  own: Identity | null;
}

/** The keys to try, in order, and those that could not be opened. */
export interface Identities {
  usable: Identity[];
  locked: DeployError[];
  /** Why the agent gave nothing. */
  agentProblem: string | null;
}

/** In bytes: RSA of 16384 bits, the longest that ssh-keygen makes, has 2071. */
const longestKey = 8192;

const parsedKeys = new WeakMap<object, ParsedKey>();

/**
 * The agent's keys first, then the given ones, each once. A key that needs a passphrase is not an error as long as
 * another one opens the door.
 */
export async function identitiesOf(target: Target, signal?: AbortSignal): Promise<Identities> {
  const given: Identity[] = [];
  const locked: DeployError[] = [];
  const wanted = new Set<string>();
  for (const key of target.keys) {
    const known = publicKeyOf(key.text);
    if (known) wanted.add(fingerprint(known));
    try {
      // Opening a protected key is slow on purpose: once for all hosts of a run.
      const parsed = parsedKeys.get(key) ?? parsePrivateKey(key, target.passphrase);
      parsedKeys.set(key, parsed);
      given.push(identity(key.source, parsed, null));
    } catch (error) {
      locked.push(error as DeployError);
    }
  }
  for (const { fingerprint } of given) wanted.add(fingerprint);
  const agent = await agentIdentities(target.agent, { timeoutMs: target.connectTimeoutMs, signal });
  const fromAgent = agent.identities.filter((one) => !target.identitiesOnly || wanted.has(one.fingerprint));
  const usable = new Map<string, Identity>();
  for (const one of [...fromAgent, ...given]) {
    const first = usable.get(one.fingerprint);
    if (!first) usable.set(one.fingerprint, one);
    else if (first.agent && !one.agent) first.own ??= one;
  }
  return {
    usable: [...usable.values()],
    locked,
    agentProblem: agent.problem,
  };
}

function identity(source: string, key: ParsedKey, agent: ssh2.BaseAgent | null): Identity {
  return { source, type: key.type, fingerprint: fingerprint(key.getPublicSSH()), key, agent, own: null };
}

async function agentIdentities(
  path: string | null,
  bounds: AgentBounds,
): Promise<{ identities: Identity[]; problem: string | null }> {
  if (path === null) return { identities: [], problem: null };
  const agent = openAgent(path, bounds);
  const keys = await keysOf(agent);
  if (keys === null) return { identities: [], problem: `the SSH agent at ${path} does not answer` };
  const identities = keys
    .map((key) => ssh2.utils.parseKey(key as unknown as Buffer))
    .filter((key): key is ParsedKey => !(key instanceof Error))
    // A server hangs up at a packet that is too long for it.
    .filter((key) => key.getPublicSSH().length <= longestKey)
    .map((key) => identity("the SSH agent", key, agent));
  if (identities.length > 0) return { identities, problem: null };
  // ssh2 leaves out what it does not know.
  return {
    identities,
    problem:
      "the SSH agent holds no keys, or of hardware tokens and certificates only, which djdeploy can not use",
  };
}

/** An agent that knows one key: ssh2 offers all keys of an agent in one go, and we want to say which were tried. */
export function onlyKey(one: Identity, onRefusal: () => void): ssh2.BaseAgent {
  const real = one.agent!;
  class OneKeyAgent extends ssh2.BaseAgent {
    override getIdentities(done: ssh2.IdentityCallback): void {
      done(null, [one.key]);
    }
    override sign(key: string | Buffer | ParsedKey, data: Buffer, ...rest: unknown[]): void {
      const done = rest.pop() as ssh2.SignCallback;
      const answer: ssh2.SignCallback = (error, signature) => {
        if (error) onRefusal();
        done(error, signature);
      };
      (real.sign as (...args: unknown[]) => void).call(real, key, data, ...rest, answer);
    }
  }
  return new OneKeyAgent();
}
