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
  const kinds = new Set(refused.map(({ kind }) => kind));
  const { message, expected } = told[kinds.size === 1 ? refused[0]!.kind : "unmade"];
  throw new DeployError("check.models", ExitCode.refused, message(apps), {
    host,
    expected,
    seen: [...shown, ...(more > 0 ? [`${more} more`] : [])].join("; "),
    hint: [...new Set(refused.map(({ what }) => what))].join("\n"),
  });
}

/** What is said where all that is refused is of one kind. */
const told = {
  unmade: {
    message: (apps: string) => `no migration makes what the models of ${apps} need`,
    expected: "a migration for every change of a model, in git",
  },
  astray: {
    message: (apps: string) => `models of ${apps} are sent to a database that is not migrated`,
    expected: "a router that claims the databases it sends models to",
  },
  renamed: {
    message: (apps: string) =>
      `${apps} would begin with empty tables beside those of an application that is gone`,
    expected: "the tables of a renamed application, moved by a migration or named by db_table",
  },
};

interface Refused {
  app: string;
  text: string;
  what: string;
  kind: keyof typeof told;
}

function unmade({ app, model, does }: Models["changes"][number]): Refused {
  return { app, text: `${app}.${model}: ${does}`, what: makeThem(app), kind: "unmade" };
}

function lacking(row: Models["missing"][number]): Refused {
  const { alias, app, model, table, columns, migrated, astray, was } = row;
  if (was !== undefined) return beside(row, was);
  const where = alias === "default" ? "the database" : `database ${alias}`;
  const lacks = columns.length > 0 ? `its table ${table} lacks ${columns.join(", ")}` : `no table ${table}`;
  return {
    app,
    text: `${app}.${model}: ${lacks} in ${where}`,
    kind: astray ? "astray" : "unmade",
    what: astray
      ? `let the router's allow_migrate answer True for ${app} in ${alias}, or name ${alias} in database.aliases beside default; without ${alias} there, it is left alone without a question`
      : migrated
        ? `the migrations of ${app} are recorded as applied, and their tables are not there: python manage.py migrate --plan, and look what was faked or dropped`
        : makeThem(app),
  };
}

function beside({ app, model, table }: Models["missing"][number], was: string): Refused {
  return {
    app,
    text: `${app}.${model}: a new table ${table}, while ${was} is in the database`,
    what: `was the application renamed: give its AppConfig the old label (label = "${was.slice(0, was.length - (table.length - app.length))}"), or its models Meta.db_table, or move the tables in a migration; are they two different things: --force "the reason"`,
    kind: "renamed",
  };
}

function makeThem(app: string): string {
  return `python manage.py makemigrations ${app}, and commit ${app}/migrations (git check-ignore -v tells what keeps it out)`;
}

/** Its application has changes that no migration makes, which say it already. */
function isUnmade({ app, astray, was }: Models["missing"][number], { changes }: Models): boolean {
  return !astray && was === undefined && changes.some((one) => one.schema && one.app === app);
}

function harmless({ app, model, does, own }: Models["changes"][number]): string {
  const what = `${app}.${model}: ${does}`;
  return own
    ? `no migration makes ${what}; no table changes by it (python manage.py makemigrations ${app})`
    : `no migration of the package makes ${what}: its settings here differ from those it was made with`;
}
