import { existsSync } from "node:fs";
import { loadConfig } from "../../config/load.ts";
import type { Config } from "../../config/types.ts";
import type { Sorted } from "./variables.ts";

/** The djdeploy.yml that is there; null where none is. Throws where it is wrong, or has no such environment. */
export async function keptConfig(file: string, cwd: string, environment: string): Promise<Config | null> {
  return existsSync(file) ? loadConfig({ file, cwd, environment }) : null;
}

/** Its first host as it may be written: `deploy@web1.example.com:2222`. */
export function hostText({ hosts }: Config): string {
  const { user, host, port } = hosts[0]!; // the schema asks for one
  const place = port === null ? host : host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
  return user === null ? place : `${user}@${place}`;
}

/** The branch that may deploy, where it is a single one by its name. */
export function oneBranch({ branches }: Config): string | null {
  const [only, ...more] = branches ?? [];
  return only !== undefined && more.length === 0 && !/[*?[]/.test(only) ? only : null;
}

/** What the settings must be given and the configuration does not name: `secrets` and `vars` with their values. */
export function lacking({ env }: Config, { secrets, vars }: Sorted): Pick<Sorted, "secrets" | "vars"> {
  const isNamed = (name: string) => env.secrets.includes(name) || Object.hasOwn(env.vars, name);
  return {
    secrets: secrets.filter((name) => !isNamed(name)),
    vars: Object.fromEntries(Object.entries(vars).filter(([name]) => !isNamed(name))),
  };
}
