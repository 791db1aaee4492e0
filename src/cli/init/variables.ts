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

/** What can be said about the variables that the settings read, from their names and defaults. Pure. */
export function sortVariables(variables: Variable[], host: string, url: string | null): Sorted {
  const sorted: Sorted = { secrets: [], vars: {}, optional: [] };
  for (const { name, default: standing } of variables) {
    const value = known(name, host, url);
    if (value !== null) sorted.vars[name] = value;
    else if (standing === null || /SECRET_KEY$/.test(name)) sorted.secrets.push(name);
    else sorted.optional.push(name);
  }
  return sorted;
}

function known(name: string, host: string, url: string | null): string | null {
  if (/(?:^|_)ALLOWED_HOSTS?$/.test(name)) return url === null ? host : new URL(url).hostname;
  if (/(?:^|_)CSRF_TRUSTED_ORIGINS$/.test(name)) return url === null ? null : new URL(url).origin;
  // "0" is false for every cast that is in use; "False" is not for int.
  return /(?:^|_)DEBUG$/.test(name) ? "0" : null;
}
