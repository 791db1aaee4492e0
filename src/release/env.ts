import { notYetSupported } from "../errors.ts";
import type { EnvView, RunContext } from "./types.ts";

/** Names, ages and hash prefixes of the stored secrets; never a value. */
export async function envList(_context: RunContext): Promise<EnvView> {
  throw notYetSupported("env list");
}

/** Stores one value on all hosts; `value: null` makes one on the first host (`--generate`), never shown. */
export async function envSet(
  _context: RunContext,
  _secret: { name: string; value: string | null },
): Promise<EnvView> {
  throw notYetSupported("env set");
}

/** Removes one stored value from all hosts. */
export async function envUnset(_context: RunContext, _name: string): Promise<EnvView> {
  throw notYetSupported("env unset");
}

/** Stores many values on all hosts. */
export async function envImport(_context: RunContext, _values: Record<string, string>): Promise<EnvView> {
  throw notYetSupported("env import");
}
