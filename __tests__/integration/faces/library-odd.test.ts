import { describe, expect, it } from "vitest";
import { deploy, status } from "../../../src/library/index.ts";
import type { AskHostKey } from "../../../src/ssh/types.ts";
import { obeyed } from "../../support/hostile.ts";
import { djangoFiles, repository } from "../../support/repository.ts";
import { clientKey, server } from "../ssh/setup.ts";

// What a caller without a type checker hands over: from a request, from another library, by mistake.

const secret = "sesame-0815-long-enough-to-be-hidden";
const yml = (host: string, pins: string[] = []) =>
  `app: tute\nenvironments:\n  production:\n    hosts: [${JSON.stringify(host)}]\n    known-hosts: ${JSON.stringify(pins)}\n`;

function project(host = "203.0.113.10", pins: string[] = []) {
  const { directory } = repository({ ...djangoFiles(), "djdeploy.yml": yml(host, pins) });
  return { cwd: directory, ssh: { privateKey: clientKey.private } };
}
const errorOf = (act: Promise<unknown>) =>
  act.then(
    () => expect.fail("it went well"),
    (thrown) => thrown,
  );
const bad = { name: "DeployError", code: "library.option", exitCode: 2 };

const throws = () => {
  throw new Error(secret);
};

// biome-ignore lint/suspicious/noThenProperty: that is the point
const thenable = () => ({ then: throws });

describe("options", () => {
  it.each<[string, () => object]>([
    [
      "a getter that throws",
      () => ({
        get environment() {
          return throws();
        },
      }),
    ],
    ["a proxy that throws", () => new Proxy({}, { get: throws, ownKeys: throws })],
    ["a key of 2 MB", () => ({ ssh: { privateKey: "k".repeat(2_000_000) } })],
    ["a text with a NUL", () => ({ revision: "main\0" })],
    ["a revision of 1 MB", () => ({ revision: "r".repeat(1_000_000) })],
    ["a value with a NUL", () => ({ values: { SECRET_KEY: `${secret}\0` } })],
    ["a value that is no text", () => ({ values: { SECRET_KEY: `${secret}\ud800` } })],
  ])("%s are an error of ours that repeats nothing", async (_, make) => {
    const error = await errorOf(deploy(make()));
    expect(error).toMatchObject(bad);
    expect(JSON.stringify([error.message, error.details])).not.toContain("sesame");
  });

  it("are what was checked, however often they are read", async () => {
    let reads = 0;
    const names = ["nowhere", "production"];
    const options = {
      ...project(),
      get environment() {
        return names[reads++];
      },
    };
    expect(await errorOf(status(options))).toMatchObject({ details: { seen: '"nowhere"' } });
    expect(reads).toBe(1);
  });
});

it("nothing in an error steers a terminal", async () => {
  const host = await server();
  const options = project(`${host.host}:${host.port}`, host.knownHosts);
  const error = await errorOf(status({ ...options, ssh: { ...options.ssh, user: "a\x1b[2Jb\u202e" } }));
  expect(error).toMatchObject({ code: "ssh.auth-failed" });
  expect([error.message, error.stack, ...Object.values(error.details)].join("\n")).not.toMatch(obeyed);
});

describe("a confirmHostKey that", () => {
  const asked = async (confirmHostKey: unknown) => {
    const host = await server();
    const error = await errorOf(
      status({ ...project(`${host.host}:${host.port}`), confirmHostKey: confirmHostKey as AskHostKey }),
    );
    return { error, logins: host.logins };
  };

  it.each<[string, unknown]>([
    ["says something else than true", async () => "no"],
    ["answers with a number, at once", () => 1],
    ["says nothing", () => undefined],
  ])("%s has not agreed", async (_, confirm) => {
    const { error, logins } = await asked(confirm);
    expect(error).toMatchObject({ code: "ssh.no-pin", exitCode: 5 });
    expect(logins).toEqual([]);
  });

  it.each<[string, unknown]>([
    ["throws", throws],
    ["rejects", () => Promise.reject(null)],
    ["answers with a promise of its own that throws", thenable],
  ])("%s is what is told", async (_, confirm) => {
    const { error, logins } = await asked(confirm);
    expect(error).toMatchObject({ code: "library.confirm-host-key", exitCode: 1 });
    expect(JSON.stringify([error.message, error.details, error.stack])).not.toContain("sesame");
    expect(logins).toEqual([]);
  });
});
