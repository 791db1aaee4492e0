import { z } from "zod";
import { type Owner, rootedLayout } from "../../services/types.ts";
import { manifest, openedDatabase } from "./releases.ts";
import { list, moment, named, noArgs, nothing, once, operation } from "./shape.ts";

const places = ["blue", "green", "probe"] as const;

/** Seconds. Facts are read in one or two, and in some more where a process manager is slow. */
const reading = 300;

const text = () => z.string();
const maybe = () => z.string().nullable();

export const running = once(() => z.object({ pid: z.int(), release: z.string() }));

/** The lock's holder as written beside it; where only a step is left of it, without a name. */
export const holder = once(() =>
  z.object({
    run: text().exactOptional(),
    actor: text().default("unknown"),
    verb: text().exactOptional(),
    revision: maybe().exactOptional(),
    runUrl: maybe().exactOptional(),
    /** Seconds since 1970. */
    since: z.number().exactOptional(),
    /** Its agent is gone, and with that its runner; only its step goes on. */
    gone: z.boolean().exactOptional(),
    step: z
      .object({
        name: text().exactOptional(),
        /** Seconds for which another run waits for it. */
        within: z.number().exactOptional(),
      })
      .nullable()
      .exactOptional(),
  }),
);

const python = () =>
  z.object({
    path: text(),
    version: text(),
    /** Whether it can make virtual environments (Debian: python3-venv). */
    venv: z.boolean(),
  });

const service = () => ({
  /** What its link names: what the manager would start. */
  release: maybe(),
  /** What its main process works in. */
  runs: maybe(),
  up: z.boolean(),
  pid: z.int(),
  text: text(),
});

export const slotFacts = once(() => z.object(service()));

/** One of the processes besides the web server that setup wired. */
export const processFacts = once(() =>
  z.object({
    /** The live release has such a process; one that was gone back to may not. */
    wanted: z.boolean(),
    ...service(),
  }),
);

/** What a virtual environment says of itself, and whether its Python is still there. */
export const venvFacts = once(() =>
  z.object({
    packages: named(text()).exactOptional(),
    /** The version of the Python it was made with, and the path of that. */
    python: text().exactOptional(),
    interpreter: text().exactOptional(),
    runs: z.boolean().exactOptional(),
  }),
);

/** .djdeploy/hold.json: runs that a push started are refused. */
export const hold = once(() =>
  z.object({
    /** What is held; null = nothing serves. */
    release: maybe(),
    actor: text(),
    /** Seconds since 1970. */
    at: z.number(),
    reason: text(),
    runUrl: maybe(),
  }),
);

/** In MiB, each process with its part of what several share. The smallest worker first. */
export const servingMemory = once(() => z.object({ mainMb: z.number(), workersMb: list(z.number()) }));

const argv = () => list(text());
const wiring = () => ({
  start: argv(),
  stop: argv(),
  reset: argv().nullable(),
  status: argv(),
  log: argv(),
});

/** owner.json, which setup writes (src/services/types.ts says what its fields mean). */
export const owner = once(
  (): z.ZodType<Owner> =>
    z.object({
      version: z.union([z.literal(1), z.literal(2), z.literal(rootedLayout)]),
      app: text(),
      environment: text(),
      repository: maybe(),
      user: text(),
      deployer: text().exactOptional(),
      as: text().exactOptional(),
      manager: z.object({
        ...wiring(),
        kind: z.enum(["systemd", "supervisord"]),
        scope: z.literal("user").exactOptional(),
        places: list(z.enum(places)).exactOptional(),
      }),
      processes: named(z.object(wiring())).exactOptional(),
      door: text().exactOptional(),
      uv: maybe(),
      urls: z.object({ staticUrl: maybe(), mediaUrl: maybe() }).exactOptional(),
      setup: text(),
    }),
);

/** What a host is and holds (djd_facts.py). */
export const facts = once(() =>
  z.object({
    user: text(),
    hostname: text(),
    bootId: text(),
    time: z.number(),
    os: z.object({ id: text(), version: text(), name: text() }),
    machine: text(),
    cores: z.number(),
    /** What the kernel can give to new processes (MemAvailable). */
    memoryMb: z.number(),
    swapMb: z.number().exactOptional(),
    /** What the live slot takes of the memory; null or absent where nothing serves. */
    serving: servingMemory().nullable().exactOptional(),
    diskFreeMb: z.number(),
    inodesFree: z.number(),
    pythons: list(python()),
    exists: z.boolean(),
    /** Where the application's folder lies, links on its way followed. */
    real: z.string().exactOptional(),
    writable: z.boolean(),
    owner: owner().nullable(),
    /** Whether the user's own services go on when nobody is logged in; absent in answers of older agents. */
    lingers: z.boolean().exactOptional(),
    live: z.object({ slot: z.enum(["blue", "green"]), release: maybe() }).nullable(),
    /** What run/web.sock names, as it stands there; "" = it is no link, null = it is not there. */
    web: maybe(),
    current: maybe(),
    slots: z.partialRecord(z.enum(places), slotFacts()),
    /** Absent in answers of a host without any. */
    processes: named(processFacts()).exactOptional(),
    /** Service processes that no slot and no process of the manager holds. */
    strays: list(running()),
    releases: list(manifest()),
    lock: holder().nullable(),
    /** The last migrate, where it was ended before its end (seconds since 1970; the migration it was at). */
    interrupted: z.object({ run: text(), at: z.number(), doing: maybe() }).nullable().exactOptional(),
    /** Ready virtual environments by key. */
    venvs: named(venvFacts()),
    /** Names of stored secrets. */
    stored: list(text()),
    hold: hold().nullable().exactOptional(),
    backups: z.number(),
    tools: named(maybe()),
    /** Deflated list of the live release's files, base64; only when asked for. */
    base: text().exactOptional(),
  }),
);

/** What the live release says of its databases (djd_applied.py). */
export const liveDatabases = once(() =>
  z.object({
    /** Django's dotted name of the backend of `default`. */
    engine: text(),
    /** Application and name of each in `default`. */
    applied: list(z.tuple([text(), text()])),
    /** By alias; absent in answers of a reader that an older setup placed. */
    databases: named(openedDatabase()).exactOptional(),
  }),
);

const who = () => z.object({ actor: text(), verb: text(), revision: maybe(), runUrl: maybe() });

export const factOperations = {
  facts: operation({ does: "read what it is and holds", args: noArgs, answer: facts, limit: () => reading }),
  begin: operation({
    does: "take the lock and read what it holds",
    args: () =>
      z.object({
        lock: z.boolean(),
        base: z.boolean(),
        run: text().exactOptional(),
        who: who().exactOptional(),
        /** Seconds. */
        wait: z.number().exactOptional(),
      }),
    answer: facts,
    log: () => z.object({ waiting: holder() }),
    // The same run's own step is waited for an hour longer (djd_lock.py).
    limit: ({ lock, wait = 0 }) => reading + (lock ? wait + 3600 : 0),
  }),
  applied: operation({
    does: "ask its database which migrations it has",
    args: noArgs,
    answer: liveDatabases,
    limit: moment,
  }),
  "take-lock": operation({
    does: "take the lock",
    args: () => z.object({ run: text(), who: who() }),
    answer: nothing,
    limit: moment,
  }),
  unlock: operation({ does: "free the lock", args: noArgs, answer: nothing, limit: moment }),
  "end-holder": operation({
    does: "end the run that holds the lock",
    args: () => z.object({ reason: text(), actor: text() }),
    answer: () => z.object({ ended: list(z.int()), free: z.boolean() }),
    limit: moment,
  }),
  packages: operation({
    does: "read what is installed in a virtual environment",
    args: () => z.object({ venv: text() }),
    answer: venvFacts,
    limit: moment,
  }),
};
