import { z } from "zod";
import { slots } from "../../services/types.ts";
import { running } from "./facts.ts";
import { list, moment, nothing, once, operation, starting, stopping } from "./shape.ts";

const maybe = () => z.string().nullable();

/** One HTTP request as the probe sends it. Times in seconds. */
export const probeRequest = once(() =>
  z.object({
    path: z.string(),
    host: z.string(),
    scheme: z.enum(["http", "https"]),
    status: z.union([z.literal("auto"), z.array(z.number())]),
    contains: maybe(),
    timeout: z.number(),
    /** Status of the live release, so that a page that was there is not lost. */
    live: z.number().nullable().exactOptional(),
    /** Send X-Forwarded-Proto through the front door too: a balancer before it ends TLS. */
    forwarded: z.boolean().exactOptional(),
  }),
);

export const frontDoor = once(() => z.object({ address: z.string(), port: z.number(), tls: z.boolean() }));

const where = () => z.union([frontDoor(), z.object({ slot: z.enum(slots) })]);

export const seen = once(() =>
  z.object({
    status: z.number().nullable(),
    location: maybe(),
    release: maybe(),
    pid: z.number().nullable(),
    body: z.string(),
    error: maybe(),
    /** It did not answer in time. */
    timeout: z.boolean(),
    /** The exception that Django turned into this answer, and where in the release it was raised. */
    exception: maybe(),
    /** Where the front door itself sent the question on to, over HTTPS, before it was answered. */
    upgraded: maybe().exactOptional(),
    ms: z.number(),
    /** Whether it is what was expected; only where something was. */
    ok: z.boolean().exactOptional(),
  }),
);

export const probeAnswer = once(() =>
  z.object({
    ok: z.boolean(),
    problem: maybe(),
    seen: seen().nullable(),
    pids: list(z.int()),
    timedOut: z.boolean().exactOptional(),
    log: z.string().exactOptional(),
  }),
);

const whoRuns = () => ({
  ok: z.boolean(),
  problem: maybe(),
  main: z.number(),
  workers: list(z.int()),
});

export const proof = once(() => z.object({ ...whoRuns(), survivors: list(running()) }));

/** The front door's answer, and which processes run behind it. The proof means little when the answer is bad. */
export const serving = once(() => z.object({ ok: z.boolean(), answer: probeAnswer(), proof: proof() }));

const slotOf = () => ({ slot: z.string(), release: z.string() });
const asked = () => ({
  ...slotOf(),
  request: probeRequest(),
  /** Seconds. */
  deadline: z.number(),
});
const judged = () => ({ ...asked(), successes: z.number() });
const onPort = () => ({ ...judged(), where: where(), beside: maybe() });
const answering = ({ deadline, request }: { deadline: number; request: { timeout: number } }) =>
  deadline + request.timeout + 120;

const moved = () => z.object({ moved: z.boolean().exactOptional() });

export const slotOperations = {
  boot: operation({
    does: "start the release in a slot",
    args: () => z.object(slotOf()),
    answer: nothing,
    limit: () => stopping + starting,
  }),
  "wait-boot": operation({
    does: "wait for the release's workers",
    args: () => z.object(asked()),
    answer: () =>
      z.object({
        ok: z.boolean(),
        problem: z.string().exactOptional(),
        log: z.string().exactOptional(),
        /** How long the workers took to answer. */
        ms: z.number().exactOptional(),
        timedOut: z.boolean().exactOptional(),
        /** The server took the request and did not answer it in time: it runs, the page hangs. */
        hangs: z.boolean().exactOptional(),
      }),
    limit: answering,
  }),
  probe: operation({
    does: "ask the release for its page",
    args: () => z.object(judged()),
    answer: probeAnswer,
    limit: answering,
  }),
  serves: operation({
    does: "see what visitors get and who answers",
    args: () => z.object({ ...judged(), where: where() }),
    answer: serving,
    limit: (args) => 2 * answering(args),
  }),
  alive: operation({
    does: "see whether the release still runs",
    args: () => z.object(slotOf()),
    answer: () => z.object(whoRuns()),
    limit: moment,
  }),
  look: operation({
    does: "look at what is served",
    args: () =>
      z.object({
        where: where(),
        request: probeRequest(),
        release: maybe().exactOptional(),
        expect: maybe().exactOptional(),
      }),
    answer: seen,
    limit: ({ request }) => request.timeout + 120,
  }),
  switch: operation({
    does: "move the traffic to the release",
    args: () => z.object({ ...slotOf(), run: z.string() }),
    answer: moved,
    limit: moment,
  }),
  "switch-back": operation({
    does: "move the traffic back",
    args: () => z.object({ slot: maybe(), release: maybe() }),
    answer: moved,
    limit: () => starting + 300,
  }),
  join: operation({
    does: "start the release on the port",
    args: () => z.object(onPort()),
    answer: probeAnswer,
    limit: (args) => stopping + starting + answering(args),
  }),
  point: operation({
    does: "make a slot ready for the release",
    args: () => z.object(slotOf()),
    answer: nothing,
    limit: () => stopping,
  }),
  take: operation({
    does: "start the release on the port",
    args: () => z.object(onPort()),
    answer: probeAnswer,
    limit: (args) => starting + answering(args),
  }),
  leave: operation({
    does: "let the old workers accept no more",
    args: () => z.object({ slot: z.string(), min: z.number() }),
    answer: () => z.object({ ms: z.number(), asked: z.number() }),
    limit: ({ min }) => min + 120,
  }),
  "port-back": operation({
    does: "give the port back",
    args: () => z.object({ ...slotOf(), failed: z.string(), where: where(), alone: z.boolean() }),
    answer: moved,
    limit: () => 2 * stopping + starting + 300,
  }),
  drain: operation({
    does: "wait until nobody waits for the old release",
    args: () => z.object({ slot: z.string(), min: z.number(), max: z.number() }),
    answer: () => z.object({ ms: z.number(), left: z.number() }),
    limit: ({ min, max }) => min + max + 120,
  }),
};
