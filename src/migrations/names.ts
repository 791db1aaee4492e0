/** A migration as Django names it. */
export interface MigrationName {
  app: string;
  name: string;
}

/**
 * The migrations that a release's files hold, told from their paths: the folder around `migrations/` counts as the
 * application's label, which it is unless the application says otherwise.
 */
export function migrationNames(paths: Iterable<string>): MigrationName[] {
  const found: MigrationName[] = [];
  for (const path of paths) {
    const [, app, name] = /(?:^|\/)([^/]+)\/migrations\/([^/_~][^/]*)\.py$/.exec(path) ?? [];
    if (app && name) found.push({ app, name });
  }
  return found.sort((a, b) => (a.app === b.app ? order(a.name, b.name) : order(a.app, b.app)));
}

/** Those of `names` that are not applied: `[app, name]` rows as the database has them. */
export function notApplied(names: MigrationName[], applied: [string, string][]): MigrationName[] {
  const known = new Set(applied.map(([app, name]) => `${app}.${name}`));
  return names.filter(({ app, name }) => !known.has(`${app}.${name}`));
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
