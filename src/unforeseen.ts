/** What is told of an error that nobody foresaw. Its text is not: what handles secrets may have put them there. */
export interface Unforeseen {
  /** `TypeError`, `RangeError ENOSPC`: of a class and a system code that everybody has. */
  kind: string;
  /** Our own frames, the innermost first: `index.js:1200:15`. */
  places: string[];
}

const classes = [EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError, AggregateError];
/** The folder of the bundle, or of the sources, as a stack has it. */
const home =
  /(\/[^()]*\/)[^/()]*:\d+:\d+\)?$/.exec(new Error("").stack?.split("\n")[1] ?? "")?.[1] ?? "/nowhere/";

/** Takes an error apart without ever looking at its message, and without throwing, whatever was thrown. */
export function unforeseen(thrown: unknown): Unforeseen {
  try {
    if (!(thrown instanceof Error)) return { kind: "Error", places: [] };
    const name = classes.find((one) => Object.getPrototypeOf(thrown) === one.prototype)?.name ?? "Error";
    const code = (thrown as NodeJS.ErrnoException).code;
    const system = typeof code === "string" && /^(?:E[A-Z0-9]{2,15}|ERR_[A-Z0-9_]{2,60})$/.test(code);
    return { kind: system ? `${name} ${code}` : name, places: places(String(thrown.stack ?? "")) };
  } catch {
    return { kind: "Error", places: [] };
  }
}

/** One line: `TypeError at index.js:1200:15`. */
export function unforeseenLine(thrown: unknown): string {
  const { kind, places: at } = unforeseen(thrown);
  return at.length > 0 ? `${kind} at ${at[0]}` : kind;
}

const mostPlaces = 20;

/** A stack begins with the message, which may look like a frame: only a place in one of our own files is taken. */
function places(stack: string): string[] {
  const found: string[] = [];
  for (const line of stack.split("\n")) {
    const frame = /^ {4}at (?:.*\()?(?:file:\/\/)?(\/[^()]*):(\d+):(\d+)\)?$/.exec(line);
    const file = frame?.[1] ?? "";
    if (!file.startsWith(home) || !/^[A-Za-z0-9._/-]+\.[cm]?[jt]s$/.test(file.slice(home.length))) continue;
    found.push(`${file.slice(home.length)}:${frame![2]}:${frame![3]}`);
    if (found.length === mostPlaces) break;
  }
  return found;
}
