import { afterEach, describe, expect, it, vi } from "vitest";
import { runBuild } from "../../../src/project/index.ts";
import { alive } from "../../support/alive.ts";
import { configFor, temporaryFolder } from "../../support/repository.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

async function build(command: string | null, directory = ".") {
  const output: string[] = [];
  await runBuild(
    configFor(temporaryFolder(), { build: { command, artifact: null, directory, include: [] } }),
    (event) => output.push(event.message),
  );
  return output;
}

describe("the build", () => {
  it("is nothing where there is no command", async () => {
    expect(await build(null)).toEqual([]);
  });

  it("streams its output line by line", async () => {
    expect(await build("echo one; printf 'tw' >&2; printf 'o\\n' >&2; printf é")).toEqual(
      expect.arrayContaining(["one", "two", "é"]),
    );
  });

  it("cuts a line that does not end, and says where", async () => {
    const output = await build("head -c 200000 /dev/zero | tr '\\0' é | head -c 199999; printf '\\nend\\n'");
    expect(output).toHaveLength(5);
    for (const [at, line] of output.slice(0, -1).entries()) {
      expect(line.startsWith("[…]"), `${at}`).toBe(at > 0);
      expect(line.endsWith("[…]"), `${at}`).toBe(at < 3);
      expect(line.length).toBeLessThan(66_000);
    }
    expect(output.at(-1)).toBe("end");
  });

  it("sees neither key nor secrets", async () => {
    const hidden = ["INPUT_SSH-PRIVATE-KEY", "INPUT_SECRETS", "GITHUB_TOKEN", "SECRET_KEY", "SSH_AUTH_SOCK"];
    for (const name of hidden) vi.stubEnv(name, "hidden-value");
    vi.stubEnv("CI", "true");
    const output = (await build("env")).join("\n");
    expect(output).toMatch(/^PATH=/m);
    expect(output).toMatch(/^CI=true$/m);
    expect(output).not.toMatch(/hidden-value/);
  });

  it("is refused with its last lines where it fails", async () => {
    await expect(build("echo 'no such module'; exit 2")).rejects.toMatchObject({
      code: "build.failed",
      exitCode: 1,
      message: "The build command ended with exit code 2",
      details: { output: "no such module" },
    });
    await expect(build("kill -KILL $$")).rejects.toThrow("The build command was ended by SIGKILL");
    await expect(build("djdeploy-no-such-program")).rejects.toMatchObject({
      details: { hint: expect.stringContaining("was not found") },
    });
    await expect(build("true", "nowhere")).rejects.toMatchObject({ code: "build.no-directory", exitCode: 2 });
  });

  it("does not wait for what left its group and holds its output", { timeout: 20_000 }, async () => {
    const output = await build("setsid sh -c 'echo $$; exec sleep 60' & sleep 0.3; printf half");
    process.kill(Number(output[0]), "SIGKILL");
    expect(output.at(-1)).toBe("half");
  });

  it("does not wait for what it left running", async () => {
    const [line = ""] = await build("sleep 300 & echo $!");
    await vi.waitFor(() => expect(alive(Number(line))).toBe(false));
  });
});
