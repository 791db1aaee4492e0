import { expect, test } from "vitest";
import { becomeRoot } from "../../../src/release/setup/root.ts";
import type { Connection, ExecOptions, ExecResult } from "../../../src/ssh/types.ts";

/** A host whose sudo asks for a password; `passes`: what it started is given the rest of the input, as by Debian's sudo. */
function hostWith(says: string, passes: boolean): Connection {
  const answer = (code: number, stdout = "", stderr = ""): ExecResult => ({
    code,
    signal: null,
    stdout,
    stderr,
  });
  const exec = async (command: string, options: ExecOptions = {}) => {
    if (command.startsWith("sudo -n ")) return answer(1, "", says);
    const [password, , rest] = String(options.input).split("\n");
    if (password !== "right horse") return answer(1, "", "1 incorrect password attempt");
    return answer(0, passes ? rest : "");
  };
  return { name: "web1", user: "admin", exec } as unknown as Connection;
}

test.each(["sudo: a password is required", "sudo-rs: interactive authentication is required"])(
  "%s",
  async (says) => {
    await expect(becomeRoot(hostWith(says, true), null)).rejects.toMatchObject({
      code: "setup.sudo",
      exitCode: 7,
      details: { seen: says, hint: expect.stringContaining("--ask-sudo-password") },
    });
    expect((await becomeRoot(hostWith(says, true), "right horse")).connection.user).toBe("admin");
    await expect(becomeRoot(hostWith(says, true), "wrong")).rejects.toMatchObject({ code: "setup.sudo" });
  },
);

test("a sudo that keeps what comes after the password is refused before a script misses its parameters", async () => {
  const host = hostWith("sudo-rs: interactive authentication is required", false);
  await expect(becomeRoot(host, "right horse")).rejects.toMatchObject({
    code: "setup.sudo",
    exitCode: 7,
    details: { hint: expect.stringMatching(/--user root.*without a password/) },
  });
});
