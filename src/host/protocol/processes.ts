import { z } from "zod";
import { running } from "./facts.ts";
import { list, moment, nothing, once, operation, starting, stopping } from "./shape.ts";

/** What the agent ended of older releases, and what is left of them. */
export const swept = once(() => z.object({ ended: list(running()), survivors: list(running()) }));

/** What the agent says of a slot that it stopped. */
export const retired = once(() =>
  z.object({
    ms: z.number(),
    /** Connections that this cut; null = it could not be told. */
    cut: z.number().nullable(),
    /** Whether its server finishes what it is answering when it is told to stop. */
    finishes: z.boolean(),
    ended: list(running()),
    survivors: list(running()),
  }),
);

/** What the agent says of one process that it restarted. Times in milliseconds. */
export const restarted = once(() =>
  z.object({
    name: z.string(),
    ok: z.boolean(),
    /** The release has no such process; it is stopped. */
    skipped: z.boolean().exactOptional(),
    problem: z.string().nullable().exactOptional(),
    log: z.string().exactOptional(),
    /** Its main process, where it runs. */
    pid: z.number().exactOptional(),
    /** What went on after it was stopped, and was ended. */
    ended: list(z.int()).exactOptional(),
    stopMs: z.number(),
    startMs: z.number().exactOptional(),
  }),
);

const names = () => z.array(z.string());

export const processOperations = {
  "run-it": operation({
    does: "see which processes run the release",
    args: () => z.object({ release: z.string(), names: names() }),
    answer: () =>
      z.object({
        rows: list(z.object({ name: z.string(), pid: z.number(), problem: z.string().nullable() })),
        survivors: list(running()),
      }),
    limit: moment,
  }),
  retire: operation({
    does: "stop a slot",
    args: () =>
      z.object({
        slot: z.string(),
        /** The one that stays, so that older ones are swept; null or absent: none are. */
        release: z.string().nullable().exactOptional(),
        unseen: z.boolean().exactOptional(),
        /** Seconds, as is `limit`. */
        patience: z.number().exactOptional(),
        finishes: z.boolean().exactOptional(),
        limit: z.number().exactOptional(),
      }),
    answer: retired,
    limit: ({ patience = 0, limit = 0 }) => stopping + patience + limit,
  }),
  sweep: operation({
    does: "end what runs outside of every service",
    args: () => z.object({ release: z.string(), limit: z.number() }),
    answer: swept,
    limit: ({ limit }) => limit + 240,
  }),
  mend: operation({
    does: "put links back",
    args: () =>
      z.object({
        web: z.string().exactOptional(),
        slots: z.record(z.string(), z.string()).exactOptional(),
        current: z.string().exactOptional(),
      }),
    answer: nothing,
    limit: moment,
  }),
  halt: operation({
    does: "stop processes",
    args: () => z.object({ names: names() }),
    answer: nothing,
    limit: (args) => stopping * args.names.length,
  }),
  processes: operation({
    does: "restart processes",
    args: () =>
      z.object({
        release: z.string(),
        /** Seconds, as is `deadline`. */
        processes: z.array(
          z.object({
            name: z.string(),
            uptime: z.number(),
            /** Seconds for what goes on after its shell was stopped. */
            patience: z.number().exactOptional(),
          }),
        ),
        deadline: z.number(),
      }),
    answer: () => list(restarted()),
    limit: ({ processes, deadline }) =>
      stopping + starting + deadline + Math.max(0, ...processes.map(({ uptime }) => uptime)),
  }),
};
