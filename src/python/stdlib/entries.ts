import type { Call, Value } from "../logic/values.ts";
import { native } from "../logic/values.ts";

/** What a module or an object has, by name. */
export type Entries = Record<string, Value>;

/** A function of a module. */
export const fn = (name: string, call: Call): Value => native(name, call);
