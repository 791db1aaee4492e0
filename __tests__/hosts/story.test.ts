import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Manager, type Site, startSite, told } from "./support/site.ts";

describe.each<Manager>(["systemd", "supervisord"])("under %s", (manager) => {
  let site: Site;
  beforeAll(async () => {
    site = await startSite(manager);
  });
  afterAll(() => site?.stop());

  test("one more version goes live", async () => {
    site.project.version("two");
    const done = await site.act("deploy");
    expect(done.code, told(done)).toBe(0);
    expect((await site.page()).body).toContain("version two");
    expect(await site.status()).toMatchObject({ proven: true, state: "live" });
  });
});
