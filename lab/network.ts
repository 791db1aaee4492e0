import { must, run } from "./exec.ts";

/** Host N is 10.99.N.2; the machine's end of its cable is 10.99.N.1. */
export const addressOf = (number: number) => `10.99.${number}.2`;
export const namespaceOf = (number: number) => `djlab-${number}`;
const cableOf = (number: number) => `djlab${number}`;

/** Makes the network namespace of a host and its cable to this machine, with a way out to package registries. */
export async function connectNetwork(number: number): Promise<void> {
  await letOut();
  const [namespace, cable] = [namespaceOf(number), cableOf(number)];
  await must("ip", ["netns", "add", namespace]);
  await must("ip", ["link", "add", cable, "type", "veth", "peer", "name", "host0", "netns", namespace]);
  await must("ip", ["addr", "add", `10.99.${number}.1/24`, "dev", cable]);
  await must("ip", ["link", "set", cable, "up"]);
  const inside = [
    `addr add ${addressOf(number)}/24 dev host0`,
    "link set lo up",
    "link set host0 up",
    `route add default via 10.99.${number}.1`,
  ];
  await must("ip", ["-n", namespace, "-batch", "-"], { input: `${inside.join("\n")}\n` });
}

export async function removeNetwork(number: number): Promise<void> {
  await run("ip", ["link", "del", cableOf(number)]);
  await run("ip", ["netns", "del", namespaceOf(number)]);
}

/** The host's end is taken down: with ours down its route would go too, and packets for the host leave this machine. */
export async function setCable(number: number, state: "up" | "down"): Promise<void> {
  const lines = [`link set host0 ${state}`];
  if (state === "up") lines.push(`route replace default via 10.99.${number}.1`);
  await must("ip", ["-n", namespaceOf(number), "-batch", "-"], { input: `${lines.join("\n")}\n` });
  // Both ends forget that the other did not answer.
  if (state === "up") await must("ip", ["neigh", "flush", "dev", cableOf(number)]);
}

/** A firewall of the provider's: what comes from outside to a TCP port is dropped. */
export async function setFirewall(number: number, port: number, state: "open" | "closed"): Promise<void> {
  const rule = `INPUT -i host0 -p tcp --dport ${port} -j DROP`.split(" ");
  const change = state === "closed" ? "-I" : "-D";
  await must("ip", ["netns", "exec", namespaceOf(number), "iptables", "-w", change, ...rule]);
}

const rules: string[][] = [
  ["-t", "nat", "POSTROUTING", "-s", "10.99.0.0/16", "!", "-d", "10.99.0.0/16", "-j", "MASQUERADE"],
  // A container engine on this machine drops forwarded packets by policy.
  ["-t", "filter", "FORWARD", "-s", "10.99.0.0/16", "-j", "ACCEPT"],
  ["-t", "filter", "FORWARD", "-d", "10.99.0.0/16", "-j", "ACCEPT"],
];

async function letOut(): Promise<void> {
  await must("sysctl", ["-qw", "net.ipv4.ip_forward=1"]);
  // What is sent to a host that is not there stays here.
  await must("ip", ["route", "replace", "unreachable", "10.99.0.0/16", "metric", "4096"]);
  for (const [option = "", table = "", chain = "", ...rule] of rules) {
    const where = ["-w", option, table];
    const { code } = await run("iptables", [...where, "-C", chain, ...rule]);
    if (code !== 0) await must("iptables", [...where, "-I", chain, ...rule]);
  }
}
