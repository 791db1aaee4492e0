import { knownExceptions } from "./known.ts";

/** One exception as Python prints it: class without module, message, and the lines of its traceback. */
interface Raised {
  name: string;
  message: string;
  trace: string;
}

/**
 * What to do about an exception in what a step of the project printed; undefined where none is known. Of a chain ("during
 * handling of …") the last one that is known counts.
 */
export function causeHint(...texts: string[]): string | undefined {
  for (const { name, message, trace } of texts.flatMap(exceptionsIn).reverse()) {
    for (const { classes, says, raised, hint } of knownExceptions) {
      if (!classes.includes(name) || (raised && !raised.test(trace))) continue;
      const found = says.exec(message);
      const told = found && hint(found.slice(1).map((group) => group ?? ""));
      if (told) return told;
    }
  }
  return undefined;
}

const line = /^(?:[A-Za-z_]\w*\.)*([A-Za-z_]\w*)(?:: (.*))?$/;
/** So many lines of a message are looked at. */
const mostLines = 8;

const head = "Traceback (most recent call last):";
/** What is left of a traceback may begin with a frame: of a log the last lines are looked at. */
const frame = /^\s+File ".+", line \d+/;

/** Every line that ends a traceback; where there is none, the first line may be an exception of its own. */
function exceptionsIn(text: string): Raised[] {
  const found: Raised[] = [];
  const lines = text.split(/\r?\n/);
  let begun = 0;
  let traced = false;
  for (const [at, one] of lines.entries()) {
    if (one.endsWith(head) || (!traced && frame.test(one))) {
      begun = at;
      traced = true;
      continue;
    }
    if (!(traced || at === 0)) continue;
    const [, name, first = ""] = line.exec(one) ?? [];
    if (name === undefined) continue;
    const rest = lines.slice(at + 1, at + mostLines);
    const end = rest.findIndex((next) => next.trim() === "" || next.startsWith("Traceback"));
    const message = [first, ...rest.slice(0, end < 0 ? rest.length : end)].join("\n");
    found.push({ name, message, trace: lines.slice(begun, at).join("\n") });
    traced = false;
  }
  return found;
}
