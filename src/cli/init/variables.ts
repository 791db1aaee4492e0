import type { Variable } from "../../project/survey.ts";

/** Where each variable of the settings gets its value from. */
export interface Sorted {
  /** Must be given before the first deploy. */
  secrets: string[];
  /** Known now. */
  vars: Record<string, string>;
  /** Have a default; a deploy goes without. */
  optional: string[];
}

/** Where the site will be, and what is known to switch DEBUG off there. */
export interface Place {
  host: string;
  url: string | null;
  debugOff: Record<string, string>;
}

/** What can be said about the variables that the settings read, from their names and defaults. Pure. */
export function sortVariables(variables: Variable[], place: Place): Sorted {
  const sorted: Sorted = { secrets: [], vars: {}, optional: [] };
  for (const { name, default: standing } of variables) {
    const value = known(name, place);
    if (value !== null) sorted.vars[name] = value;
    else if (standing === null || /SECRET_KEY$/.test(name)) sorted.secrets.push(name);
    else sorted.optional.push(name);
  }
  return sorted;
}

function known(name: string, { host, url, debugOff }: Place): string | null {
  if (/(?:^|_)ALLOWED_HOSTS?$/.test(name)) return url === null ? host : new URL(url).hostname;
  if (/(?:^|_)CSRF_TRUSTED_ORIGINS$/.test(name)) return url === null ? null : new URL(url).origin;
  return debugOff[name] ?? null;
}
