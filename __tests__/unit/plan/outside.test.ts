import { expect, test } from "vitest";
import { publicDoor } from "../../../src/plan/outside.ts";
import { configOf, configText } from "../../support/setup.ts";

const address = "203.0.113.10";
const door = async (there: string, more = "") =>
  publicDoor(await configOf(configText("shop", "web1", more, there)), address);

test("by the address and the name, as a visitor's browser takes them from the url", async () => {
  const way = { address, name: "www.example.com", byName: true };
  expect(await door("url: http://www.example.com")).toEqual({ ...way, port: 80, tls: false });
  expect(await door("url: https://www.example.com\ntls: certbot")).toEqual({ ...way, port: 443, tls: true });
  expect(await door("url: https://www.example.com\nnginx: none")).toEqual({ ...way, port: 443, tls: true });
  expect(await door("")).toEqual({ address, name: address, port: 80, tls: false, byName: false });
});

test("a port of the host's own front door, and an address of its own", async () => {
  expect(await door("url: http://www.example.com\nfront: {port: 8080}")).toMatchObject({ port: 8080 });
  expect(await door("url: http://www.example.com\nfront: {address: 203.0.113.99}")).toMatchObject({
    address: "203.0.113.99",
  });
});

test.each([
  ["a balancer that ends TLS", "url: https://www.example.com\ntls: external", ""],
  ["balancers that are named", "url: https://www.example.com\nfront: {trusted-proxies: [10.0.0.1]}", ""],
  ["a jump host", "url: http://www.example.com\nproxy-jump: ops@bastion", ""],
  ["a port on loopback", "nginx: none", 'server: {listen: "127.0.0.1:8000"}'],
  ["nobody wants to know", "url: http://www.example.com\nfront: {public: never}", ""],
])("it can not be known behind %s", async (_what, there, more) => {
  expect(await door(there, more)).toBeNull();
});
