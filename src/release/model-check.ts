import { DeployError, ExitCode } from "../errors.ts";
import type { Inspection } from "../host/types.ts";
import type { StepVoice } from "./recorder.ts";

type Models = NonNullable<Inspection["models"]>;

/**
 * Models that the database does not follow: pages that use them would answer 500. What the project's own applications
 * lack is refused; what changes no table, or belongs to a package, is said.
 */
export function judgeModels(
  host: string,
  models: Models | undefined,
  force: string | null,
  note: StepVoice["note"],
): void {
  if (!models) return;
  const refused = [
    ...models.changes.filter(({ own, schema }) => own && schema).map(unmade),
    ...models.missing.filter((row) => !isUnmade(row, models)).map(lacking),
  ];
  for (const row of models.changes.filter(({ own, schema }) => !own || !schema))
    note(harmless(row), "warning");
  if (refused.length === 0) return;
  if (force !== null) {
    for (const { text } of refused) note(`models without their tables, forced: ${text}`, "warning");
    return;
  }
  const shown = refused.slice(0, 5).map(({ text }) => text);
  const more = refused.length - shown.length;
  const apps = [...new Set(refused.map(({ app }) => app))].join(", ");
  const astray = refused.every((one) => one.astray);
  throw new DeployError(
    "check.models",
    ExitCode.refused,
    astray
      ? `models of ${apps} are sent to a database that is not migrated`
      : `no migration makes what the models of ${apps} need`,
    {
      host,
      expected: astray
        ? "a router that claims the databases it sends models to"
        : "a migration for every change of a model, in git",
      seen: [...shown, ...(more > 0 ? [`${more} more`] : [])].join("; "),
      hint: [...new Set(refused.map(({ what }) => what))].join("\n"),
    },
  );
}

interface Refused {
  app: string;
  text: string;
  what: string;
  astray?: boolean;
}

function unmade({ app, model, does }: Models["changes"][number]): Refused {
  return { app, text: `${app}.${model}: ${does}`, what: makeThem(app) };
}

function lacking(row: Models["missing"][number]): Refused {
  const { alias, app, model, table, columns, migrated, astray = false } = row;
  const where = alias === "default" ? "the database" : `database ${alias}`;
  const lacks = columns.length > 0 ? `its table ${table} lacks ${columns.join(", ")}` : `no table ${table}`;
  return {
    app,
    text: `${app}.${model}: ${lacks} in ${where}`,
    astray,
    what: astray
      ? `let the router's allow_migrate answer True for ${app} in ${alias}, or name ${alias} in database.aliases beside default; without ${alias} there, it is left alone without a question`
      : migrated
        ? `the migrations of ${app} are recorded as applied, and their tables are not there: python manage.py migrate --plan, and look what was faked or dropped`
        : makeThem(app),
  };
}

function makeThem(app: string): string {
  return `python manage.py makemigrations ${app}, and commit ${app}/migrations (git check-ignore -v tells what keeps it out)`;
}

/** Its application has changes that no migration makes, which say it already. */
function isUnmade({ app, astray }: Models["missing"][number], { changes }: Models): boolean {
  return !astray && changes.some((one) => one.schema && one.app === app);
}

function harmless({ app, model, does, own }: Models["changes"][number]): string {
  const what = `${app}.${model}: ${does}`;
  return own
    ? `no migration makes ${what}; no table changes by it (python manage.py makemigrations ${app})`
    : `no migration of the package makes ${what}: its settings here differ from those it was made with`;
}
