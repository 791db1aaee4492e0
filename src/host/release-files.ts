import { createHash } from "node:crypto";
import { releaseFiles } from "./agent.ts";
import { hostFiles } from "./files.gen.ts";
import type { UploadFile } from "./upload.ts";

/** Where it is not its own name: in a folder of its own it is found only by who is told to look there. */
const places: Partial<Record<(typeof releaseFiles)[number], string>> = {
  "djd_carry.py": "carry/sitecustomize.py",
};

/** Our own files in a release's .djdeploy folder: where they lie there, and their text. */
export function ownTexts(): [path: string, text: string][] {
  return releaseFiles.map((name) => [places[name] ?? name, hostFiles[name]]);
}

/** Our own files in a release's .djdeploy folder, uploaded like any other. */
export function ownFiles(): UploadFile[] {
  return releaseFiles.map((name) => {
    const data = Buffer.from(hostFiles[name]);
    return {
      path: `.djdeploy/${places[name] ?? name}`,
      type: "file",
      executable: name === "launch",
      sha256: createHash("sha256").update(data).digest("hex"),
      size: data.length,
      read: async () => data,
    };
  });
}
