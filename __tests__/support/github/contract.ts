import { readFileSync } from "node:fs";
import { Ajv, type ValidateFunction } from "ajv";

interface Operation {
  method: string;
  path: string;
  query: Record<string, object>;
  body: { properties?: object } | null;
  answers: Record<string, object>;
}

export interface Route {
  operation: Operation;
  parameters: Record<string, string>;
}

const slice = JSON.parse(readFileSync(new URL("slice.json", import.meta.url), "utf8")) as {
  operations: Operation[];
  definitions: Record<string, object>;
};
const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true, coerceTypes: false });
const compiled = new Map<object, ValidateFunction>();

function problems(schema: object, value: unknown): string[] {
  let validate = compiled.get(schema);
  if (!validate) {
    validate = ajv.compile({ ...schema, definitions: slice.definitions });
    compiled.set(schema, validate);
  }
  if (validate(value)) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath || "/"} ${message} ${JSON.stringify(params)}`,
  );
}

/** The operation of GitHub's description that a request is for; null: GitHub has none, or the slice lacks it. */
export function routeOf(method: string, path: string): Route | null {
  for (const operation of slice.operations) {
    if (operation.method !== method) continue;
    const names: string[] = [];
    const pattern = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => {
      names.push(name);
      return "([^/]+)";
    });
    const match = new RegExp(`^${pattern}$`).exec(path);
    if (!match) continue;
    const values = match.slice(1).map(decodeURIComponent);
    return { operation, parameters: Object.fromEntries(names.map((name, index) => [name, values[index]!])) };
  }
  return null;
}

/** What GitHub would not understand in a request. A field that it does not know is a mistake of ours. */
export function requestProblems({ operation }: Route, query: URLSearchParams, body: unknown): string[] {
  const unknown = [...query.keys()]
    .filter((name) => !(name in operation.query))
    .map((name) => `query ${name} is unknown`);
  if (operation.body === null) return body === undefined ? unknown : [...unknown, "no body is expected"];
  return [...unknown, ...problems({ ...operation.body, additionalProperties: false }, body)];
}

/** Where an answer of the stand-in is not one of GitHub's. */
export function answerProblems({ operation }: Route, status: number, body: unknown): string[] {
  const schema = operation.answers[String(status)];
  return schema ? problems(schema, body) : [`${operation.path} never answers ${status}`];
}
