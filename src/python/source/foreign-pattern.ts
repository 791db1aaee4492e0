import { createContext, Script } from "node:vm";

/** What is asked of a pattern that the repository brings. */
export interface Asked {
  /** In JavaScript's syntax. */
  source: string;
  flags: string;
  /** Where the match has to begin, or begin and end. */
  at?: "start" | "ends" | undefined;
  text: string;
  /** `all`: every match, for which the flags have to hold `g`; `filter`: which lines of the text match. */
  act: "first" | "all" | "split" | "replace" | "filter";
  /** For `replace`, in JavaScript's syntax. */
  by?: string;
}

/** A match: where it begins, its text and that of its groups (null: took no part). */
export interface Found {
  index: number;
  texts: (string | null)[];
  groups: Record<string, string | null>;
}

interface Answers {
  first: Found | null;
  all: Found[];
  split: (string | null)[];
  replace: string;
  filter: string[];
}

/** Milliseconds: a pattern that people write takes far less than one. */
const mostOfOne = 250;
const mostOfAll = 1_000;
/** Texts of one answer. */
const mostTexts = 50_000;
const longestAnswer = 1_000_000;

// V8 looks for its deadline while it goes back in a pattern; nothing else ends one that goes back for ever.
const program = new Script(`{
  let rule = new RegExp(source, flags);
  if (at) rule = new RegExp("^(?:" + source + (at === "ends" ? ")$" : ")"), flags);
  const told = (m) => m && { index: m.index, texts: [...m].map((x) => x ?? null), groups: Object.fromEntries(
    Object.entries(m.groups ?? {}).map(([name, x]) => [name, x ?? null])) };
  const bounded = (length) => {
    let texts = 0, most = 0;
    const found = [];
    for (const m of text.matchAll(rule)) {
      texts += m.length;
      most += length(Math.max(...m.map((x) => x?.length ?? 0)));
      if (texts > ${mostTexts} || most > ${longestAnswer}) throw new RangeError("too much");
      found.push(m);
    }
    return found;
  };
  const references = by?.split("$").length;
  const acts = {
    first: () => told(rule.exec(text)),
    all: () => bounded((text) => text).map(told),
    split: () => text.split(rule, ${mostTexts}).map((x) => x ?? null),
    filter: () => text.split("\\n").filter((line) => rule.test(line)),
    replace: () => bounded((text) => by.length + references * text) && text.replace(rule, by),
  };
  JSON.stringify(acts[act]());
}`);

let context: Record<string, unknown> | null = null;

/** Milliseconds of processor that patterns took, by whom they were run for. */
const spent = new WeakMap<object, number>();

/**
 * Runs a pattern that somebody else wrote, which may be one that never ends: null where it is none of JavaScript's,
 * takes longer than a quarter of a second or finds more than anybody would ask for. All those of one `owner` get a second.
 */
export function askPattern<A extends Asked["act"]>(
  owner: object,
  asked: Asked & { act: A },
): { answer: Answers[A] } | null {
  const before = spent.get(owner) ?? 0;
  if (before >= mostOfAll) return null;
  context ??= createContext(Object.create(null) as Record<string, unknown>);
  Object.assign(context, { by: null, at: null, ...asked });
  const start = process.cpuUsage();
  const used = (): number => {
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  };
  try {
    const answer = JSON.parse(inTime(context, used)) as Answers[A];
    return Array.isArray(answer) && answer.length >= mostTexts ? null : { answer };
  } catch {
    return null;
  } finally {
    spent.set(owner, before + used());
  }
}

/** The limit counts time on the clock, in which a busy machine may not have run it at all: then it gets that time anew. */
function inTime(context: Record<string, unknown>, used: () => number): string {
  for (;;) {
    try {
      return program.runInContext(context, { timeout: mostOfOne }) as string;
    } catch (error) {
      const isLate =
        error instanceof Error && "code" in error && error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT";
      if (!isLate || used() >= mostOfOne) throw error;
    }
  }
}
