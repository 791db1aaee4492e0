// A process that is many hosts: an SSH server on a port of its own for each, behind it a stand-in for the agent.
import { startSshServer } from "../../lab/sshd.ts";
import { type Answered, answerer } from "./conversation.ts";

export interface Hosts {
  /** Addresses on this machine's loopback: a host each, for the runner knows hosts by their names. */
  addresses: string[];
  /** The one host key of all of them. */
  hostKey: string;
  authorizedKey: string;
  user: string;
  answers: Answered[];
}

process.once("message", async ({ addresses, hostKey, authorizedKey, user, answers }: Hosts) => {
  const hosts: string[] = [];
  for (const address of addresses) {
    const server = await startSshServer({
      authorizedKeys: [authorizedKey],
      user,
      home: "/nowhere",
      address,
      hostKeys: [hostKey],
      answer(channel) {
        channel.write('{"hello": 1, "python": "3.11"}\n');
        channel.on(
          "data",
          answerer(answers, (line) => void channel.write(`${line}\n`)),
        );
        channel.on("error", () => {});
        channel.on("end", () => {
          channel.exit(0);
          channel.end();
        });
      },
    });
    hosts.push(`${address}:${server.port}`);
  }
  process.send?.(hosts);
});
process.once("disconnect", () => process.exit());
