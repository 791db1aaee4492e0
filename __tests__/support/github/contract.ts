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

/** OpenAPI 3.0's `nullable` as JSON Schema says it; Ajv knows it beside a plain type alone. */
function withNull(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withNull);
  if (node === null || typeof node !== "object") return node;
  const { nullable, ...rest } = Object.fromEntries(
    Object.entries(node).map(([key, value]) => [key, withNull(value)]),
  );
  return nullable === true ? { anyOf: [rest, { type: "null" }] } : rest;
}

const slice = withNull(JSON.parse(readFileSync(new URL("slice.json", import.meta.url), "utf8"))) as {
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

interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  properties?: Record<string, Schema>;
  required?: string[];
  allOf?: Schema[];
  anyOf?: Schema[];
  oneOf?: Schema[];
}

/** The least that GitHub may answer: every field that its description requires, with nothing in it. */
export function leastAnswer({ operation }: Route, status: number): Record<string, unknown> {
  return least((operation.answers[String(status)] ?? {}) as Schema) as Record<string, unknown>;
}

function least(schema: Schema): unknown {
  if (schema.$ref) return least(slice.definitions[schema.$ref.split("/").at(-1)!] as Schema);
  if (schema.anyOf?.some((one) => one.type === "null")) return null;
  const whole = schema.allOf ?? schema.anyOf?.slice(0, 1) ?? schema.oneOf?.slice(0, 1);
  if (whole) return Object.assign({}, ...whole.map(least));
  if (schema.enum) return schema.enum[0];
  const type = [schema.type ?? "object"].flat();
  if (type.includes("null")) return null;
  if (type[0] === "object") {
    const fields = schema.required ?? [];
    return Object.fromEntries(fields.map((name) => [name, least(schema.properties?.[name] ?? {})]));
  }
  return { string: "", integer: 0, number: 0, boolean: false, array: [] }[type[0]!];
}

/** The least that GitHub says of one entry of a list in an answer. */
export function leastEntry(name: "check-run" | "simple-commit-status"): Record<string, unknown> {
  return least(slice.definitions[name] as Schema) as Record<string, unknown>;
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
