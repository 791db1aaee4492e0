import { ExitCode, usageError } from "../../errors.ts";
import { jsonText } from "../../report/json-text.ts";
import { printed } from "../../report/printed.ts";
import { scanHostKeys } from "../../ssh/scan.ts";
import { defineCommand } from "../command.ts";
import { noMore } from "../environment.ts";
import { notShown } from "../word.ts";

export const hostKeyCommand = defineCommand({
  name: "host-key",
  summary: "print the known_hosts lines a host offers, to compare and paste",
  usage: "HOST[:PORT]",
  example: "djdeploy host-key web1.example.com >> known_hosts",
  about:
    "Nothing is trusted by this. Compare the fingerprints with what the host itself says:\n" +
    "for f in /etc/ssh/ssh_host_*_key.pub; do ssh-keygen -lf $f; done",
  options: { port: { short: "p", value: "PORT", help: "where its SSH server listens (default: 22)" } },
  async run({ positionals, options, io, common }) {
    const [word, ...more] = positionals;
    if (word === undefined) throw usageError("usage.argument", "djdeploy host-key: which host?");
    noMore(more);
    const { host, port } = address(word, options.port);
    const keys = await scanHostKeys(host, port, { signal: io.signal });
    if (common.format === "json") io.stdout.write(`${jsonText({ host, port, keys })}\n`);
    else {
      for (const { line } of keys) io.stdout.write(printed(`${line}\n`));
      for (const { type, fingerprint } of keys) io.stderr.write(printed(`${type} ${fingerprint}\n`));
    }
    return ExitCode.done;
  },
});

/** Of a name in the DNS, RFC 1035. */
const mostOfName = 253;

/** `[user@]host[:port]` or `[ipv6]:port`; the user does not matter here. */
function address(word: string, given: string | null): { host: string; port: number } {
  const match =
    /^(?:[^@\s]+@)?(?:\[([^\]\s]+)\]|([^:@[\]\s]+)|([0-9a-fA-F:.]*:[0-9a-fA-F:.]*:[0-9a-fA-F:.]*))(?::(\d+))?$/.exec(
      word,
    );
  const host = match?.[1] ?? match?.[2] ?? match?.[3];
  const port = Number(given ?? match?.[4] ?? 22);
  if (
    !host ||
    host.length > mostOfName ||
    host.startsWith("-") ||
    !Number.isInteger(port) ||
    port < 1 ||
    port > 65535
  ) {
    throw usageError("usage.argument", `that is no address of a host ${notShown(word)}`, {
      expected: "HOST, HOST:PORT or [IPV6]:PORT",
    });
  }
  return { host, port };
}
