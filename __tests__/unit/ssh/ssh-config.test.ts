import { userInfo } from "node:os";
import { describe, expect, test } from "vitest";
import { parseSshConfig } from "../../../src/ssh/ssh-config.ts";
import { parseJump } from "../../../src/ssh/target.ts";

const said = (lines: string[]) => parseSshConfig(`host web\n${lines.join("\n")}\n`, "/home/ann");

test("what ssh -G says", () => {
  expect(
    said([
      "user deploy",
      "hostname 10.0.0.9",
      "port 2222",
      "identitiesonly yes",
      "hostkeyalias cluster",
      "identityagent /run/agent.sock",
      "identityfile ~/my keys/%h-%r.key",
      "identityfile /etc/key",
      "globalknownhostsfile /etc/ssh/ssh_known_hosts",
      "userknownhostsfile /home/ann/.ssh/known_hosts ~/more_hosts",
      "connecttimeout 7",
      "proxyjump ann@bastion:2200",
    ]),
  ).toEqual({
    host: "10.0.0.9",
    port: 2222,
    user: "deploy",
    identityFiles: ["/home/ann/my keys/10.0.0.9-deploy.key", "/etc/key"],
    identityAgent: "/run/agent.sock",
    identitiesOnly: true,
    proxyJump: "ann@bastion:2200",
    proxyCommand: null,
    knownHostsFiles: ["/home/ann/.ssh/known_hosts", "/home/ann/more_hosts", "/etc/ssh/ssh_known_hosts"],
    hostKeyAlias: "cluster",
    connectTimeoutMs: 7000,
  });
});

test("ssh's own defaults are no wish: the local user, its long list of keys, none", () => {
  const result = said([
    `user ${userInfo().username}`,
    "hostname web",
    "port 22",
    ...["rsa", "ecdsa", "ecdsa_sk", "ed25519", "ed25519_sk", "xmss", "dsa"].map(
      (t) => `identityfile ~/.ssh/id_${t}`,
    ),
    "connecttimeout none",
  ]);
  expect(result).toMatchObject({
    user: null,
    proxyJump: null,
    identitiesOnly: false,
    connectTimeoutMs: null,
  });
  expect(result.identityFiles).toEqual(
    ["id_ed25519", "id_ecdsa", "id_rsa"].map((n) => `/home/ann/.ssh/${n}`),
  );
});

describe("a jump host", () => {
  test.each([
    ["bastion", { host: "bastion", user: null, port: null }],
    ["ann@bastion:2200", { host: "bastion", user: "ann", port: 2200 }],
    ["ssh://ann@bastion:2200", { host: "bastion", user: "ann", port: 2200 }],
    ["ann@[2001:db8::1]:2200", { host: "2001:db8::1", user: "ann", port: 2200 }],
  ])("%s", (text, expected) => {
    expect(parseJump(text)).toMatchObject(expected);
  });
  test.each(["", "a b@", "-oProxyCommand=x", "bastion:99999", "ann@:22"])("%j is refused", (text) => {
    expect(() => parseJump(text)).toThrow(/is not a jump host/);
  });
  test("more than one is not yet supported", () => {
    expect(() => parseJump("one,two")).toThrow(/not yet supported/);
  });
});
