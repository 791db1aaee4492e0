import { z } from "zod";

/**
 * One thing that a host can be asked. Its schemas are functions, made when they are first needed: a run asks for few of
 * them, and making one takes longer than using it.
 */
export interface Operation<
  Args extends z.ZodType = z.ZodType,
  Answer extends z.ZodType = z.ZodType,
  Log extends z.ZodType = z.ZodType,
> {
  /** Completes "while it was asked to …". */
  does: string;
  args: () => Args;
  answer: () => Answer;
  /** What the agent may say meanwhile, a message at a time; absent: nothing. */
  log?: () => Log;
  /** Seconds from the moment the host may begin with it to its answer; what is sent with it has its time besides. */
  limit: (args: z.output<Args>) => number;
}

/** An answer is looked at once: to compile a function for it first takes longer. */
export const asItStands: z.core.ParseContext<z.core.$ZodIssue> = { jitless: true };

/** Keeps the types of one operation, and its schemas once they are made. */
export function operation<A extends z.ZodType, B extends z.ZodType, L extends z.ZodType = never>(
  one: Operation<A, B, L>,
): Operation<A, B, L> {
  return {
    ...one,
    args: once(one.args),
    answer: once(one.answer),
    ...(one.log ? { log: once(one.log) } : {}),
  };
}

/** Makes something when it is first asked for. */
export function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/**
 * A list of an answer, as long as the host likes: the first wrong item ends the look at it, for a list of nothing but
 * wrong ones would become as many issues.
 */
export function list<T extends z.ZodType>(item: T) {
  return z.transform((value: unknown, context): z.output<T>[] => {
    if (!Array.isArray(value)) return wrong(context, value, "array", []);
    const items: z.output<T>[] = [];
    for (const [at, one] of value.entries()) {
      const checked = item.safeParse(one, asItStands);
      if (!checked.success) return passOn(context, checked.error, at);
      items.push(checked.data);
    }
    return items;
  });
}

/** The same for an object whose keys are names. */
export function named<T extends z.ZodType>(item: T) {
  return z.transform((value: unknown, context): Record<string, z.output<T>> => {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      return wrong(context, value, "record", []);
    const items: [string, z.output<T>][] = [];
    for (const [name, one] of Object.entries(value)) {
      const checked = item.safeParse(one, asItStands);
      if (!checked.success) return passOn(context, checked.error, name);
      items.push([name, checked.data]);
    }
    return Object.fromEntries(items);
  });
}

type Context = z.core.ParsePayload;

function wrong(context: Context, input: unknown, expected: "array" | "record", path: PropertyKey[]): never {
  context.issues.push({ code: "invalid_type", expected, input, path });
  return z.NEVER;
}

function passOn(context: Context, error: z.ZodError, at: PropertyKey): never {
  const [first] = error.issues;
  if (first) context.issues.push({ ...first, path: [at, ...first.path] } as z.core.$ZodRawIssue);
  return z.NEVER;
}

/** Answers of operations that have nothing to tell. */
export const nothing = () => z.object({});
/** Operations that need nothing to be told. */
export const noArgs = nothing;

/** Short acts on the disk of a busy host. */
export const moment = () => 120;
/** The manager's stop of a slot or process: at most an hour (djd_manager.py), and what lies around it. */
export const stopping = 3600 + 300;
/** The manager's start with its second try. */
export const starting = 400;
