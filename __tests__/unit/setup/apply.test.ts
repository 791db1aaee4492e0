import { expect, it } from "vitest";
import { DeployError, ExitCode } from "../../../src/errors.ts";
import { namedNotes } from "../../../src/release/named.ts";
import { applySetup } from "../../../src/release/setup/apply.ts";
import { item } from "../../../src/release/setup/item.ts";
import type { Root } from "../../../src/release/setup/root.ts";
import type { Event, StepResult } from "../../../src/report/event.ts";
import { errorText } from "../../../src/report/text.ts";

it("what was done before an item failed is counted", async () => {
  const root = {
    connection: { name: "web1" },
    run: async (script: string) => {
      if (script === "setup-units.sh") throw new DeployError("setup.failed", ExitCode.failed, "no room");
      return "";
    },
  } as unknown as Root;
  const steps: StepResult[] = [];
  const items = [
    item("user", false, "shop", "setup-user.sh", []),
    item("folders", true, "/srv/shop", "setup-folders.sh", []),
    item("units", false, "shop-web@.service", "setup-units.sh", []),
  ];
  await expect(applySetup(root, items, () => {}, steps)).rejects.toThrow("no room");
  expect(steps.map(({ step, status }) => `${step} ${status}`)).toEqual(["user done", "folders unchanged"]);
});

it("a command in a note can be typed as it stands", () => {
  const said: string[] = [];
  const emit = namedNotes((event: Omit<Event, "time">) => said.push(event.message), {
    environment: "production",
    server: { scope: "system" },
  } as unknown as Parameters<typeof namedNotes>[1]);
  emit({ code: "note", level: "warning", message: "the hold could not be ended: djdeploy hold ENV --off" });
  emit({ code: "step.output", level: "debug", message: "djdeploy hold ENV, as the project printed it" });
  expect(said).toEqual([
    "the hold could not be ended: djdeploy hold production --off",
    "djdeploy hold ENV, as the project printed it",
  ]);
});

it("an error names its host once", () => {
  const said = (message: string) =>
    errorText(new DeployError("host.os", ExitCode.failed, message, { host: "web1", step: "lock" }));
  expect(said("web1: disk full")).toBe("error at web1, lock: disk full\n");
  expect(said("the disk of web10 is full")).toBe("error at web1, lock: the disk of web10 is full\n");
  expect(said("web1 is not set up")).toBe("error at lock: web1 is not set up\n");
});
