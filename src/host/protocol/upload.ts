import { z } from "zod";
import { list, moment, nothing, operation } from "./shape.ts";

/** [path, kind, sha256, size]; kind: f file, x executable, l link (the hash is of its target). */
const row = () => z.tuple([z.string(), z.enum(["f", "x", "l"]), z.string(), z.number()]);

export const uploadOperations = {
  upload: operation({
    does: "take the files of the release",
    args: () =>
      z.object({
        release: z.string(),
        base: z.string().nullable(),
        removed: z.array(z.string()),
        changed: z.array(row()),
        have: z.array(z.string()),
        digest: z.string(),
        manifest: z.record(z.string(), z.unknown()),
      }),
    /**
     * `need` names contents that it lacks, `*` when it does not know the base; `byHand`: so many files of the base were
     * changed on the host.
     */
    answer: () =>
      z.object({
        need: list(z.string()).exactOptional(),
        byHand: z.number().exactOptional(),
        copied: z.number().exactOptional(),
      }),
    limit: () => 1800,
  }),
  share: operation({
    does: "link what outlives a release",
    args: () =>
      z.object({
        release: z.string(),
        shared: z.array(
          z.object({
            path: z.string(),
            target: z.string().nullable().exactOptional(),
            directory: z.boolean(),
          }),
        ),
      }),
    answer: () => z.object({ notes: list(z.string()) }),
    limit: moment,
  }),
  "static-link": operation({
    does: "link the collected files",
    args: () => z.object({ release: z.string(), path: z.string() }),
    answer: nothing,
    limit: moment,
  }),
  "static-share": operation({
    does: "share the hashed static files",
    args: () => z.object({ release: z.string(), keep: z.number() }),
    answer: () => z.object({ shared: z.number(), kept: z.number(), files: z.number() }),
    limit: () => 3600,
  }),
  backup: operation({
    does: "back up the database",
    args: () => z.object({ files: z.array(z.string()), label: z.string(), keep: z.number() }),
    answer: () => list(z.object({ file: z.string(), bytes: z.number() })),
    limit: () => 4 * 3600,
  }),
  sync: operation({
    does: "write everything to its disk",
    args: nothing,
    answer: nothing,
    limit: () => 1800,
  }),
};
