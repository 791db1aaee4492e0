import { z } from "zod";
import { type Operation, shapeOf } from "../../../src/host/protocol.ts";

interface Schema {
  type?: string;
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
}

/** Arguments that an operation of the table takes, the least of them. */
export function argumentsOf(op: Operation): object {
  return sample(z.toJSONSchema(shapeOf(op).args()) as Schema) as object;
}

function sample(schema: Schema): unknown {
  const { type, properties = {}, required = [] } = schema;
  if (schema.anyOf) return sample(schema.anyOf[0] ?? {});
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  if (type === "object")
    return Object.fromEntries(required.map((key) => [key, sample(properties[key] ?? {})]));
  if (type === "array") return [];
  if (type === "boolean") return false;
  return type === "string" ? "x" : 1;
}
