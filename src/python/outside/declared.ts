import type { Machine } from "../logic/machine.ts";

/** Is a package that provides this import name declared? */
export function declared(m: Machine, top: string): boolean {
  if (m.packages === null) return false;
  const name = distribution(top);
  if (name === "django") return true;
  for (const p of m.packages) if (p === name || p.includes(name)) return true;
  return false;
}

/** The package that provides an import name, as requirements name it. */
export const distribution = (top: string): string =>
  (DISTRIBUTIONS[top] ?? top).replace(/_/g, "-").toLowerCase();

const DISTRIBUTIONS: Record<string, string> = {
  environ: "django-environ",
  decouple: "python-decouple",
  dotenv: "python-dotenv",
  yaml: "pyyaml",
  rest_framework: "djangorestframework",
  corsheaders: "django-cors-headers",
  PIL: "pillow",
  MySQLdb: "mysqlclient",
  psycopg2: "psycopg2",
  split_settings: "django-split-settings",
  configurations: "django-configurations",
};
