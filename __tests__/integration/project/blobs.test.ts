import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { openBlobs } from "../../../src/project/blobs.ts";
import { repository } from "../../support/repository.ts";

it("the git that reads objects ends when nobody asks any more, and is started again for who does", async () => {
  const { directory, git } = repository({ "a.txt": "one\n" });
  const id = git("rev-parse", "HEAD:a.txt");
  const running = () =>
    execFileSync("ps", ["-eo", "args"], { encoding: "utf8" })
      .split("\n")
      .filter((line) => line.startsWith("git ") && line.includes(directory)).length;
  const blobs = openBlobs(directory);
  for (const _ of [1, 2]) {
    const read = await Promise.all([blobs.read(id), blobs.read(id)]);
    expect(read.map(String)).toEqual(["one\n", "one\n"]);
    await expect.poll(running, { timeout: 20_000 }).toBe(0);
  }
  await expect(blobs.read("0".repeat(40))).rejects.toMatchObject({ code: "project.git-object" });
});
