import type { Path } from "./problems.ts";
import type { Settings } from "./schema/index.ts";

/**
 * Which keys and values are read but not built yet. One row a key: the value it may have, and why no other. A value
 * that does nothing is silent; a default that protects and is not built is told to the user on every run.
 */
export interface Support {
  key: string;
  /** For the reference page: what works today. */
  works: string;
  /** Why the rest does not. */
  reason: string;
  /** The path below the environment that is not supported, or null. */
  refused(settings: Settings): Path | null;
  /** The protecting default that stands unenforced, as it would be written; null = nothing to tell. */
  unenforced?(settings: Settings): string | null;
}

/** Allows some values of one key. */
function only<T>(
  key: string,
  read: (settings: Settings) => T,
  allowed: readonly T[],
  works: string,
  reason: string,
): Support {
  return {
    key,
    works,
    reason,
    refused: (settings) => (allowed.includes(read(settings)) ? null : key.split(".")),
  };
}

/** Allows an empty map or list. */
function empty(key: string, read: (settings: Settings) => object, works: string, reason: string): Support {
  return {
    key,
    works,
    reason,
    refused(settings) {
      const [first] = Object.keys(read(settings));
      if (first === undefined) return null;
      return [...key.split("."), Array.isArray(read(settings)) ? Number(first) : first];
    },
  };
}

/** A row whose default protects: told as long as it stands. */
function protects(row: Support, unenforced: (settings: Settings) => string | null): Support {
  return { ...row, unenforced: (settings) => (row.refused(settings) ? null : unenforced(settings)) };
}

export const supportTable: readonly Support[] = [
  only(
    "python.installer",
    (s) => s.python.installer,
    ["auto", "pip", "uv"],
    "auto, pip and uv",
    "only pip and uv install a release so far",
  ),
  only(
    "server.strategy",
    (s) => s.server.strategy,
    ["blue-green", "restart"],
    "blue-green and restart",
    "an existing service cannot be reloaded yet",
  ),
  only(
    "server.service",
    (s) => s.server.service,
    [null],
    "null",
    "an existing service cannot be adopted yet",
  ),
  only(
    "static.served-by",
    (s) => s.static["served-by"],
    ["auto", "whitenoise", "nginx"],
    "auto, whitenoise and nginx",
    "uploads to a storage are not checked yet",
  ),
  protects(
    only(
      "database.unsafe-migrations",
      (s) => s.database["unsafe-migrations"],
      ["refuse"],
      "refuse (not enforced yet)",
      "migrations are not classified yet",
    ),
    () => "refuse",
  ),
  protects(
    only(
      "database.lock-timeout",
      (s) => s.database["lock-timeout"],
      [5000],
      "5s (not enforced yet)",
      "no timeout is given to migrations yet",
    ),
    () => "5s",
  ),
  only(
    "database.statement-timeout",
    (s) => s.database["statement-timeout"],
    [null],
    "null",
    "no timeout is given to migrations yet",
  ),
  empty("release.hooks", (s) => s.release.hooks, "{}", "no hook is run yet"),
  {
    key: "url",
    works: "an address without a path",
    reason:
      "nginx, links and static files would have to know the path; give the site a name of its own such as https://app.example.com, or write the address alone and the page to be asked as health.path",
    refused: ({ url }) => (url === null || new URL(url).pathname === "/" ? null : ["url"]),
  },
];

/** `database.unsafe-migrations: refuse`: the defaults that protect, but not yet. */
export function notEnforced(settings: Settings): string[] {
  return supportTable.flatMap((row) => {
    const standing = row.unenforced?.(settings) ?? null;
    return standing === null ? [] : [`${row.key}: ${standing}`];
  });
}
