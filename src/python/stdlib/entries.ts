import type { Call, Value } from "../values.ts";
import { native } from "../values.ts";

/** What a module or an object has, by name. */
export type Entries = Record<string, Value>;

/** A function of a module. */
export const fn = (name: string, call: Call): Value => native(name, call);
