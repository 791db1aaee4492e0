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
    expect.stringContaining("nothing but the rights of shop protects"),
  ]);
  expect(await said("shared: [media, {path: big, target: /mnt/big}]")).toEqual([
    expect.stringContaining("shared big leads to /mnt/big"),
  ]);
});
