import { readFileSync } from "node:fs";
import type { LabHost } from "../../../../lab/host.ts";

/** The request of the runner at which a host is held. */
export interface GateRule {
  /** The agent's operation (`op_…` of djd_agent.py and djd_running.py), of a step of its own its name too. */
  op: string;
  step?: string;
  /** Of several such requests in a run. Default: the first. */
  nth?: number;
  /** The agent has not seen it yet, or it is done and the runner does not know. */
  when: "before" | "after";
}

/** A host that stops at one moment of a run and waits for what the test does to it. */
export interface Gate {
  /** Resolves with the pid of sshd's session on the host as soon as the request is there. */
  reached: Promise<number>;
  open(): Promise<void>;
  /** Takes the rule away; a gate that was never reached rejects. */
  remove(): Promise<void>;
}

const wrapper = `#!/bin/sh
if [ -e /run/gate/rule ]; then
  case "$*" in *hashlib,os,sys,zlib*) exec /usr/bin/python3 -I /usr/local/lib/gate.py "$@" ;; esac
fi
exec /usr/bin/python3 "$@"
`;

/** Once on each host: what sshd starts as \`python3\` is a wrapper that can hold the line to the agent. */
export async function installGate(host: LabHost): Promise<void> {
  const relay = readFileSync(new URL("gate.py", import.meta.url));
  await must(host, "cat >/usr/local/lib/gate.py", relay.toString());
  await must(host, "cat >/usr/local/bin/python3; chmod 755 /usr/local/bin/python3", wrapper);
}

/** Puts up a gate; the next run that comes by stops there, once. */
export async function putGate(host: LabHost, rule: GateRule): Promise<Gate> {
  await must(
    host,
    "rm -rf /run/gate; mkdir -m 777 /run/gate; mkfifo -m 666 /run/gate/reached /run/gate/go; cat >/run/gate/rule",
    JSON.stringify(rule),
  );
  const reached = host.root("cat /run/gate/reached").then(({ stdout }) => {
    const pid = Number(stdout);
    if (!pid) throw new Error(`no request ${JSON.stringify(rule)} came by on ${host.name}`);
    return pid;
  });
  reached.catch(() => {});
  return {
    reached,
    open: () => must(host, "echo go >/run/gate/go"),
    async remove() {
      // Whoever still waits is told that nothing came.
      await must(host, "[ -e /run/gate/fired ] || echo 0 >/run/gate/reached; rm -rf /run/gate");
    },
  };
}

/**
 * Ends sshd's session at every request of a run, once each and on its own host, in turn before the agent has seen it
 * and after it is done; `turn` 0 or 1 says which comes first.
 */
export async function cutLines(host: LabHost, turn: 0 | 1): Promise<void> {
  await must(
    host,
    "rm -rf /run/gate; mkdir -m 777 /run/gate; cat >/run/gate/rule",
    JSON.stringify({ cut: true, turn }),
  );
}

/** Ends that, and answers at which requests (`op.step`) the line was cut. */
export async function cutsOf(host: LabHost): Promise<string[]> {
  const { stdout } = await host.root("cd /run/gate && ls -d cut.* | cut -d. -f2-; rm -rf /run/gate");
  return stdout.split("\n").filter(Boolean);
}

async function must(host: LabHost, command: string, input?: string): Promise<void> {
  const done = await host.root(command, input === undefined ? {} : { input });
  if (done.code !== 0) throw new Error(`${host.name}: ${command}: ${done.stderr}`);
}
