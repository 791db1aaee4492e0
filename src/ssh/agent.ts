import { createConnection } from "node:net";
import ssh2, { type ParsedKey } from "ssh2";

/** What one answer may cost. */
export interface AgentBounds {
  timeoutMs: number;
  signal?: AbortSignal | undefined;
}

/** OpenSSH's own bound for a message of an agent (authfd.h). */
const longestAnswer = 256 * 1024;

/** The agent at a socket, whose connections end: at their deadline, with the run, or behind more than it may say. */
export function openAgent(path: string, { timeoutMs, signal }: AgentBounds): ssh2.OpenSSHAgent {
  class BoundedAgent extends ssh2.OpenSSHAgent {
    override getStream(done: Parameters<ssh2.OpenSSHAgent["getStream"]>[0]): void {
      const socket = createConnection(path);
      const end = () => void socket.destroy(new Error("the agent does not answer"));
      const timer = setTimeout(end, timeoutMs);
      signal?.addEventListener("abort", end, { once: true });
      if (signal?.aborted) end();
      let length = 0;
      socket.on("data", (bytes) => {
        length += bytes.length;
        if (length > longestAnswer) end();
      });
      let connected = false;
      socket.once("connect", () => {
        connected = true;
        done(null, socket);
      });
      // ssh2 reads keys in the middle of a write, and throws at some that are none: here that is the agent's fault, not the end.
      const pipe = socket.pipe.bind(socket);
      socket.pipe = (to, options) => {
        const write = to.write.bind(to) as (bytes: Uint8Array) => boolean;
        to.write = ((bytes: Uint8Array) => {
          try {
            return write(bytes);
          } catch {
            end();
            return false;
          }
        }) as typeof to.write;
        return pipe(to, options);
      };
      socket.on("error", () => {});
      socket.once("close", () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", end);
        if (!connected) done(new Error("the agent can not be reached"));
      });
    }
  }
  return new BoundedAgent(path);
}

/** The public keys that an agent holds; null where it does not say in time, or not in words of an agent. */
export function keysOf(agent: ssh2.OpenSSHAgent): Promise<ParsedKey[] | null> {
  return new Promise((resolve) => {
    agent.getIdentities((error, keys) => resolve(error ? null : ((keys ?? []) as ParsedKey[])));
  });
}
