import { expect, test } from "vitest";
import { gunicorn } from "../../../../src/services/servers/gunicorn.ts";
import { defaultWorkers } from "../../../../src/services/workers.ts";

const options = {
  interface: "wsgi" as const,
  workers: 5,
  application: "djdeploy_wsgi:application",
  args: [],
  stopTimeoutMs: 60_000,
  packages: { gunicorn: "23.0.0" },
};

test("an old Gunicorn on its own socket", () => {
  expect(gunicorn.command("socket", options)?.join(" ")).toBe(
    "{python} -m gunicorn --bind unix:{socket} --workers 5 --worker-tmp-dir /dev/shm " +
      "--graceful-timeout 60 --access-logfile - djdeploy_wsgi:application",
  );
});

test.each([
  ["25.0.3", false],
  ["25.1.0", true],
  ["27.0.1", true],
  [null, true],
])("Gunicorn %s: the shared control socket is switched off: %s", (version, off) => {
  expect(
    gunicorn
      .command("socket", { ...options, packages: { gunicorn: version } })
      ?.includes("--no-control-socket"),
  ).toBe(off);
});

test("the user's arguments come last, before what is served", () => {
  expect(gunicorn.command("socket", { ...options, args: ["--timeout", "60"] })?.slice(-3)).toEqual([
    "--timeout",
    "60",
    "djdeploy_wsgi:application",
  ]);
});

test.each([
  [{ "uvicorn-worker": "0.4.0", uvicorn: "0.54.0" }, "uvicorn_worker.UvicornWorker"],
  [{ uvicorn: "0.54.0" }, "uvicorn.workers.UvicornWorker"],
  [{}, "asgi"],
])("an ASGI application with %o is served by %s", (packages, worker) => {
  const command = gunicorn.command("socket", { ...options, interface: "asgi", packages }) ?? [];
  expect(command[command.indexOf("--worker-class") + 1]).toBe(worker);
});

test("workers: two a core and one, less where memory is short", () => {
  expect(defaultWorkers(2, 4096)).toEqual({ workers: 5, reason: "2 × 2 cores + 1" });
  expect(defaultWorkers(4, 1024)).toEqual({
    workers: 2,
    reason: "2 × 4 cores + 1 = 9, less because the host has only 1024 MiB",
  });
});
