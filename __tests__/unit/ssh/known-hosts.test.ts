import { createHmac, randomBytes } from "node:crypto";
import fc from "fast-check";
import ssh2 from "ssh2";
import { describe, expect, test } from "vitest";
import { algorithmsOf, hostKeyOrder, judge, pinsFor } from "../../../src/ssh/host-key.ts";
import {
  fingerprint,
  knownHostsLine,
  lookupName,
  matchesHost,
  parsePins,
} from "../../../src/ssh/known-hosts.ts";
import { newDeployKey } from "../../../src/ssh/new-key.ts";
import type { Target } from "../../../src/ssh/types.ts";

function newKey(type: "ed25519" | "ecdsa" = "ed25519"): Buffer {
  const line =
    type === "ed25519"
      ? newDeployKey("test").publicKey
      : ssh2.utils.generateKeyPairSync("ecdsa", { bits: 256 }).public;
  return Buffer.from(line.split(" ")[1]!, "base64");
}

const key = newKey();
const other = newKey();
const ecdsa = newKey("ecdsa");
const at = (name: string, port = 22) => ({ names: [name], port });

function target(texts: string[], more: Partial<Target> = {}): Target {
  return {
    name: "web1",
    host: "web1.example.com",
    port: 22,
    user: "deploy",
    keys: [],
    passphrase: null,
    agent: null,
    pins: texts.map((text, index) => ({ source: `source ${index + 1}`, text })),
    jump: null,
    connectTimeoutMs: 1000,
    ...more,
  };
}

const verdict = (texts: string[], shown: Buffer, more: Partial<Target> = {}, isJump = false) =>
  judge(pinsFor(target(texts, more), isJump), shown).kind;

describe("names", () => {
  test.each([
    ["web1.example.com", at("web1.example.com"), true],
    ["WEB1.example.com", at("Web1.Example.com"), true],
    ["web1.example.com,10.0.0.1", at("10.0.0.1"), true],
    ["*.example.com", at("web1.example.com"), true],
    ["*.example.com", at("web1xexample.com"), false],
    ["web?.example.com", at("web1.example.com"), true],
    ["*.example.com,!web1.example.com", at("web1.example.com"), false],
    ["*.example.com,!web1.example.com", at("web2.example.com"), true],
    ["!web1.example.com", at("web2.example.com"), false],
    ["[web1.example.com]:2222", at("web1.example.com", 2222), true],
    ["[web1.example.com]:2222", at("web1.example.com"), false],
    ["web1.example.com", at("web1.example.com", 2222), false],
    ["[web1.example.com]:22", at("web1.example.com"), true],
    ["[*.example.com]:2222", at("web1.example.com", 2222), true],
    ["2001:db8::1", at("2001:db8::1"), true],
    ["[2001:db8::1]:2222", at("2001:db8::1", 2222), true],
  ])("%s", (patterns, host, expected) => {
    expect(matchesHost(patterns, host)).toBe(expected);
  });

  test("a hashed name matches exactly the name it was made of", () => {
    fc.assert(
      fc.property(fc.domain(), fc.integer({ min: 1, max: 65535 }), (name, port) => {
        const salt = randomBytes(20);
        const hash = createHmac("sha1", salt).update(lookupName(name, port)).digest("base64");
        const entry = `|1|${salt.toString("base64")}|${hash}`;
        expect(matchesHost(entry, at(name, port))).toBe(true);
        expect(matchesHost(entry, at(name, port === 22 ? 23 : 22))).toBe(false);
        expect(matchesHost(entry, at(`x${name}`, port))).toBe(false);
      }),
      { numRuns: 50 },
    );
  });
});

describe("pins", () => {
  const bare = fingerprint(key).replace("SHA256:", "");
  test.each([
    ["with its prefix", fingerprint(key), null],
    ["without prefix", bare, null],
    ["with padding", `${fingerprint(key)}=`, null],
    ["as ssh-keygen -l shows it", `256 ${fingerprint(key)} root@web1 (ED25519)`, "ssh-ed25519"],
    ["after its type", `ssh-ed25519 ${fingerprint(key)}`, "ssh-ed25519"],
  ])("a fingerprint %s", (_, text, type) => {
    expect(parsePins(text, "input")).toEqual({
      pins: [{ source: "input", marker: null, hosts: null, type, fingerprint: fingerprint(key) }],
      bad: [],
    });
  });

  test("lines, comments, Windows line ends and what is neither", () => {
    const line = knownHostsLine("web1", 22, key);
    const text = `# web\r\n\r\n${line} a comment\r\nweb2 MD5:aa:bb:cc\r\nweb1 ssh-rsa ${key.toString("base64")}\r\n`;
    const { pins, bad } = parsePins(text, "input");
    expect(pins).toMatchObject([{ source: "input:3", hosts: "web1", type: "ssh-ed25519" }]);
    expect(bad).toEqual(["input:4", "input:5"]);
  });
});

describe("a server's key", () => {
  const line = (k: Buffer, host = "web1.example.com", port = 22) => knownHostsLine(host, port, k);

  test("is trusted by a line, by a fingerprint, by the alias it is called", () => {
    expect(verdict([line(key)], key)).toBe("trusted");
    expect(verdict([fingerprint(key)], key)).toBe("trusted");
    expect(verdict([line(key, "web1")], key)).toBe("trusted");
    expect(verdict([line(key, "cluster")], key, { hostKeyAlias: "cluster" })).toBe("trusted");
    expect(verdict([line(key)], key, { hostKeyAlias: "cluster" })).toBe("unknown");
  });

  test("may be one of several", () => {
    expect(verdict([`${line(ecdsa)}\n${line(key)}`], key)).toBe("trusted");
    expect(verdict([`${fingerprint(ecdsa)}\n${fingerprint(key)}`], ecdsa)).toBe("trusted");
  });

  test("has changed when another one is pinned, of whatever type", () => {
    expect(verdict([line(other)], key)).toBe("changed");
    expect(verdict([line(ecdsa)], key)).toBe("changed");
    expect(verdict([fingerprint(other)], key)).toBe("changed");
  });

  test("is unknown when no pin names its host", () => {
    expect(verdict([], key)).toBe("unknown");
    expect(verdict([line(key, "web2.example.com")], key)).toBe("unknown");
  });

  test("is judged by the first source that knows the host, so an old file can not overrule the input", () => {
    expect(verdict([line(other), line(key)], key)).toBe("changed");
    expect(verdict([line(other, "web2"), line(key)], key)).toBe("trusted");
  });

  test("is refused when revoked, in whatever source", () => {
    expect(verdict([line(key), `@revoked * ${line(key).split(" ").slice(1).join(" ")}`], key)).toBe(
      "revoked",
    );
  });

  test("is unknown when only an authority vouches for it", () => {
    const result = judge(pinsFor(target([`@cert-authority ${line(other, "*.example.com")}`])), key);
    expect(result).toMatchObject({ kind: "unknown", authority: { marker: "cert-authority" } });
  });

  test("on another port: a plain line may trust, never contradict", () => {
    expect(verdict([line(key)], key, { port: 2222 })).toBe("trusted");
    expect(verdict([line(other)], key, { port: 2222 })).toBe("unknown");
    expect(verdict([line(other, "web1.example.com", 2222)], key, { port: 2222 })).toBe("changed");
  });

  test("of a jump host: a bare fingerprint may be meant for the host behind it", () => {
    expect(verdict([fingerprint(other), line(key)], key, {}, true)).toBe("trusted");
    expect(verdict([fingerprint(key)], key, {}, true)).toBe("trusted");
    expect(verdict([fingerprint(other)], key, {}, true)).toBe("unknown");
  });

  test("the types we hold pins for are asked for first", () => {
    expect(hostKeyOrder(pinsFor(target([line(ecdsa)])))[0]).toBe("ecdsa-sha2-nistp256");
    expect(hostKeyOrder(pinsFor(target([])))[0]).toBe("ssh-ed25519");
    expect(hostKeyOrder(pinsFor(target([])), ["ssh-ed25519"]).at(-1)).toBe("ssh-ed25519");
    expect(algorithmsOf("ssh-rsa")).not.toContain("ssh-rsa");
  });
});
