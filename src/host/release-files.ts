import { createHash } from "node:crypto";
import { releaseFiles } from "./agent.ts";
import { hostFiles } from "./files.gen.ts";
import type { UploadFile } from "./upload.ts";

/** Our own files in a release's .djdeploy folder, uploaded like any other. */
export function ownFiles(): UploadFile[] {
  return releaseFiles.map((name) => {
    const data = Buffer.from(hostFiles[name]);
    return {
      path: `.djdeploy/${name}`,
      type: "file",
      executable: name === "launch",
      sha256: createHash("sha256").update(data).digest("hex"),
      size: data.length,
      read: async () => data,
    };
  });
}
