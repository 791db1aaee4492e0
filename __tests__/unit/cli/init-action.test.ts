import { describe, expect, it } from "vitest";
import { actionFor } from "../../../src/cli/init/action.ts";
import { DeployError } from "../../../src/errors.ts";
import { home, version } from "../../../src/version.ts";

const sha = "0123456789abcdef0123456789abcdef01234567";

describe("the action that init writes", () => {
  it("is this program's home at its own commit, or at its version where the commit is not known", () => {
    expect(actionFor(null, sha)).toBe(`${home}@${sha} # v${version}`);
    expect(actionFor(null, null)).toBe(`${home}@v${version}`);
  });

  it.each([`acme/deploy@${sha}`, "acme/django.deploy_2@v1", "a/b@releases/v1.2", "acme-co/x@main"])(
    "may be %s",
    (given) => expect(actionFor(given, sha)).toBe(given),
  );

  it.each([
    "",
    "acme",
    "acme/deploy",
    "acme/deploy@",
    "/deploy@v1",
    "acme/@v1",
    "acme/deploy/sub@v1",
    "acme/..@v1",
    "acme/deploy@v1 # v1",
    "acme/deploy@v1\n        run: id",
    "acme/deploy@v1\u2028x",
    `acme/deploy@\${{ github.sha }}`,
    "-acme/deploy@v1",
    "acme-/deploy@v1",
    "acme/deploy@-v1",
    "acme/deploy@a..b",
    "acme/deploy@v1/",
    "./acme@v1",
    "docker://acme/x@v1",
    `acme/deploy@${"v".repeat(100_000)}`,
  ])("may not be %j", (given) => {
    let error: unknown;
    try {
      actionFor(given, sha);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(DeployError);
    expect(error).toMatchObject({ code: "init.action", exitCode: 2 });
    expect(JSON.stringify((error as DeployError).details).length).toBeLessThan(400);
  });
});
