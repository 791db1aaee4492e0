import type { HostSession } from "../host/session.ts";
import type { RunContext } from "./types.ts";

/** For verbs that only show something: what is too much to be hidden is an event of the run's. */
export async function hideStoredHere(context: RunContext, session: HostSession): Promise<void> {
  await hideStored(context, session, (message) =>
    context.emit({ code: "note", level: "warning", message, host: session.name }),
  );
}

/** Values, and characters in all, that one host may have hidden: each costs a search in all that is printed. */
const most = { values: 2_000, characters: 4_000_000 };

/**
 * Hides what the host has stored and what its releases were given, of which this run may know nothing: before anything that a
 * release says is shown. Those that are too many for that are said. A host can only have more hidden by this, never less.
 */
export async function hideStored(
  { hide }: RunContext,
  session: HostSession,
  warn: (message: string) => void,
): Promise<void> {
  const { values, left } = await session.request("secrets");
  const hidden: string[] = [];
  let characters = 0;
  for (const value of values) {
    characters += value.length;
    if (hidden.length === most.values || characters > most.characters) break;
    hidden.push(value);
  }
  hide(hidden);
  const shown = left + values.length - hidden.length;
  if (shown > 0)
    warn(
      `${shown} stored values of ${session.name} are too many or too large to be hidden in what is printed`,
    );
}
