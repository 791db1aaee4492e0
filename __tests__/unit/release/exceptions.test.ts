import { expect, test } from "vitest";
import { exceptionsOf } from "../../../src/release/exceptions.ts";
import { configOf, configText } from "../../support/setup.ts";

const said = async (more: string) => {
  const config = await configOf(configText("shop", "192.0.2.1", more));
  return exceptionsOf(config).map(({ message }) => message);
};

test("a plan says where an application is not kept in its box as elsewhere, and nothing where it is", async () => {
  expect(await said("")).toEqual([]);
  expect(await said("server: {manager: supervisord}")).toEqual([
    expect.stringMatching(/nothing but the rights of shop protects: what runs shares \/tmp, and sees/),
  ]);
  const own = await configOf(configText("shop", "192.0.2.1", "server: {scope: user}", "nginx: none"));
  expect(exceptionsOf(own).map(({ message }) => message)).toEqual([
    expect.stringContaining("may change its own release, secrets and SSH keys"),
  ]);
  expect(await said("shared: [media, {path: big, target: /mnt/big}]")).toEqual([
    expect.stringContaining("shared big leads to /mnt/big"),
  ]);
});
