import { expect, test } from "vitest";
import type { Config } from "../../../src/config/types.ts";
import { serverOf } from "../../../src/plan/server.ts";
import type { ServerKind } from "../../../src/services/types.ts";

const config = (listen: string, strategy = "blue-green") => ({ server: { listen, strategy } }) as Config;
const project = (kind: ServerKind, speaks: "wsgi" | "asgi") => ({
  server: { value: kind, evidence: "given by server.kind in djdeploy.yml" },
  interface: speaks,
  application: { value: `shop.${speaks}:application`, evidence: "detected from shop/settings.py:20" },
});
const port = "127.0.0.1:8000";

test("a server that cannot be handed a socket is refused on a port, with both ways out", () => {
  expect(() => serverOf(config(port), project("granian", "wsgi"))).toThrow(
    expect.objectContaining({
      code: "server.takes-no-socket",
      exitCode: 2,
      details: expect.objectContaining({ hint: expect.stringMatching(/listen: socket.*strategy: restart/) }),
    }),
  );
  expect(serverOf(config(port, "restart"), project("granian", "wsgi")).takesSocket).toBe(false);
  expect(serverOf(config("socket"), project("granian", "wsgi")).takesSocket).toBe(false);
});

test("a server that does not speak the project's interface is refused before a host is asked", () => {
  expect(() => serverOf(config("socket"), project("uvicorn", "wsgi"))).toThrow(
    expect.objectContaining({ code: "server.interface", exitCode: 2 }),
  );
});
