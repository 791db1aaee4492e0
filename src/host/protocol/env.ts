import { z } from "zod";
import { list, moment, noArgs, operation } from "./shape.ts";

const values = () => z.record(z.string(), z.string());
const names = () => z.array(z.string());

/** A stored secret, without its value. */
const row = () =>
  z.object({
    name: z.string(),
    /** Seconds since 1970. */
    at: z.number(),
    hash: z.string(),
  });

export const envOperations = {
  env: operation({
    does: "compose the environment of a release",
    args: () =>
      z.object({
        version: z.string(),
        required: names(),
        /** One of the two: the vars themselves, or the release that they are taken from. */
        vars: values().exactOptional(),
        varsOf: z.string().exactOptional(),
        given: values(),
        write: z.boolean(),
        /** The one whose manifest gets the fingerprint. */
        release: z.string().exactOptional(),
      }),
    answer: () =>
      z.object({
        ok: z.boolean(),
        missing: list(z.string()),
        fingerprint: z.string(),
        names: list(z.string()),
      }),
    limit: moment,
  }),
  secrets: operation({
    does: "see what has to be hidden",
    args: noArgs,
    answer: () => z.object({ values: list(z.string()), left: z.number() }),
    limit: moment,
  }),
  "env-list": operation({
    does: "list the stored secrets",
    args: noArgs,
    answer: () => list(row()),
    limit: moment,
  }),
  "env-change": operation({
    does: "change the stored secrets",
    args: () => z.object({ put: values(), drop: names(), generate: names(), by: z.string() }),
    answer: () => list(row()),
    limit: moment,
  }),
};
