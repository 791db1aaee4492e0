import { z } from "zod";
import { infoOf } from "./schema/fields.ts";
import { environmentKeys, topKeys, writtenSchema } from "./schema/index.ts";
import { value } from "./schema/values.ts";
import { supportTable } from "./support.ts";

type Json = { [key: string]: unknown };

/**
 * The JSON Schema (draft 7, which every editor reads) of djdeploy.yml. It is as strict as a schema can be; rules between
 * keys are told by `djdeploy` alone. Below an environment nothing but `hosts` is required.
 */
export function jsonSchema(): Json {
  const schema = z.toJSONSchema(writtenSchema, {
    io: "input",
    target: "draft-7",
    override({ zodSchema, jsonSchema }) {
      const schema = zodSchema as unknown as z.ZodType;
      const info = infoOf(schema);
      if (info) {
        jsonSchema.description = info.description;
        if (info.default !== undefined && info.defaultText === undefined)
          jsonSchema.default = info.default as null;
        if (info.examples.length > 0) jsonSchema.examples = info.examples;
      }
      // Text however it looks: PORT: 8000 is "8000".
      if (schema === value) jsonSchema.type = ["string", "number", "boolean"] as unknown as "string";
    },
  }) as Json;
  const properties = schema.properties as Json;
  mark(properties, Object.keys(topKeys));
  const environments = properties.environments as Json;
  environments.minProperties = 1;
  const environment = environments.additionalProperties as Json;
  const below = environment.properties as Json;
  mark(below, Object.keys({ ...topKeys, ...environmentKeys }));
  for (const name of Object.keys(topKeys)) below[name] = optional(below[name]);
  environment.required = ["hosts"];
  const { $schema, ...rest } = schema;
  return { $schema, title: "djdeploy.yml", ...rest };
}

/** A value that the top level completes: no key is required, and null takes an entry out. */
function optional(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(optional);
  if (typeof schema !== "object" || schema === null) return schema;
  const { required: _, ...rest } = schema as Json;
  const entries = Object.entries(rest).map(([name, inner]) => [name, optional(inner)]);
  const relaxed = Object.fromEntries(entries);
  const own = relaxed.additionalProperties;
  if (typeof own === "object") relaxed.additionalProperties = { anyOf: [own, { type: "null" }] };
  return relaxed;
}

/** Adds what is not supported yet to the descriptions that editors show. */
function mark(properties: Json, names: string[]): void {
  for (const { key, works, reason } of supportTable) {
    const [name, ...inner] = key.replace("[]", "").split(".");
    if (!names.includes(name!)) continue;
    const found = inner.reduce<Json | null>(
      (schema, part) => schema && within(schema, part),
      properties[name!] as Json,
    );
    if (found) found.description = `${found.description} So far only ${works}: ${reason}.`;
  }
}

/** The schema of a key below another, through lists and alternatives. */
function within(schema: Json, key: string): Json | null {
  const known = (schema.properties as Json | undefined)?.[key];
  if (known) return known as Json;
  const next = [schema.items, ...((schema.anyOf as unknown[]) ?? [])].filter(Boolean) as Json[];
  return next.reduce<Json | null>((found, inner) => found ?? within(inner, key), null);
}
