import { createContext, Script } from "node:vm";
import ignore from "ignore";
import { usageError } from "../errors.ts";
import { clipped, visibleLine } from "../report/visible.ts";
import { joined } from "./paths.ts";

/** Says whether a path of the repository is left out. */
export interface Matcher {
  /** Throws `config.exclude-slow` where the patterns go back and forth in a path for longer than anybody would wait. */
  ignores(path: string): boolean;
}

/**
 * `exclude` as one matcher over paths of the repository. The patterns are gitignore's and stand as if in a
 * .gitignore beside djdeploy.yml; a leading `../` names what lies above it.
 */
export function excludeMatcher(patterns: string[], prefix: string): Matcher {
  const matcher = ignore({ ignorecase: false }).add(patterns.map((pattern) => fromTop(pattern, prefix)));
  const slow = patterns.filter((pattern) => stars(pattern) > mostStars);
  return slow.length === 0 ? matcher : bounded((path) => matcher.ignores(path), slow);
}

/** Each `**` may take any number of folders: with three of them any path is decided at once. */
const mostStars = 3;
const stars = (pattern: string) => pattern.match(/\*{2,}/g)?.length ?? 0;

/** Milliseconds for all paths: thousands of them are compared in one. */
const mostMs = 2_000;

// V8 ends a regular expression only by the deadline of a script, also one that is run from inside of that.
const program = new Script("compare()");

function bounded(ignores: (path: string) => boolean, slow: string[]): Matcher {
  let path = "";
  let left = mostMs;
  const context = createContext({ compare: () => ignores(path) });
  return {
    ignores(asked) {
      path = asked;
      const start = performance.now();
      try {
        return program.runInContext(context, { timeout: Math.max(1, Math.ceil(left)) }) as boolean;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw error;
        throw tooSlow(slow, asked);
      } finally {
        left -= performance.now() - start;
      }
    },
  };
}

function tooSlow(slow: string[], path: string) {
  const named = slow.map((pattern) => visibleLine(clipped(pattern, 80))).join(", ");
  return usageError("config.exclude-slow", "the patterns of exclude take too long to compare", {
    expected: `all paths compared within ${mostMs / 1000} s`,
    seen: `no answer for ${visibleLine(clipped(path, 120))}; more than ${mostStars} \`**\`: ${named}`,
    hint: "write the pattern with fewer `**`: `**/a/**/b` finds what `**/a/**/x/**/b` finds, and more",
  });
}

function fromTop(pattern: string, prefix: string): string {
  if (prefix === "" && !pattern.startsWith("../")) return pattern;
  const [, not = "", body = ""] = /^(!?)(.*)$/.exec(pattern)!;
  const anchored = /\/./.test(body);
  const path = anchored ? joined(prefix, body) : `${joined(prefix)}/**/${body}`;
  const slash = anchored && body.endsWith("/") ? "/" : "";
  return `${not}/${path.replace(/^\/+/, "")}${slash}`;
}
