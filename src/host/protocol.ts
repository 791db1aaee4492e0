import type { z } from "zod";
import { envOperations } from "./protocol/env.ts";
import { factOperations } from "./protocol/facts.ts";
import { processOperations } from "./protocol/processes.ts";
import { releaseOperations } from "./protocol/releases.ts";
import { slotOperations } from "./protocol/running.ts";
import type { Operation as Shape } from "./protocol/shape.ts";
import { stepOperations } from "./protocol/steps.ts";
import { systemOperations } from "./protocol/system.ts";
import { uploadOperations } from "./protocol/upload.ts";

/**
 * Everything that a host can be asked: operation → what it is told, what it answers, how long it may take. The agent's
 * functions `op_…` (djd_agent.py, djd_running.py) have the same names.
 */
export const operations = {
  ...factOperations,
  ...releaseOperations,
  ...envOperations,
  ...uploadOperations,
  ...stepOperations,
  ...slotOperations,
  ...processOperations,
  ...systemOperations,
};

type Table = typeof operations;
export type Operation = keyof Table;
export type ArgsOf<Op extends Operation> = z.output<ReturnType<Table[Op]["args"]>>;
export type AnswerOf<Op extends Operation> = z.output<ReturnType<Table[Op]["answer"]>>;
/** What the agent may say before the answer; never: nothing. */
export type LogOf<Op extends Operation> =
  Table[Op] extends Shape<z.ZodType, z.ZodType, infer Log> ? z.output<Log> : never;

/** An operation as the border needs it, whichever it is. */
export function shapeOf(op: Operation): Shape {
  return operations[op] as unknown as Shape;
}

/** How long its answer may take, in milliseconds. */
export function limitMs(op: Operation, args: object): number {
  return 1000 * shapeOf(op).limit(args);
}
