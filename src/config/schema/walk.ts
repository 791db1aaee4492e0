import { z } from "zod";
import type { Path } from "../problems.ts";
import { infoOf } from "./fields.ts";
import { writtenSchema } from "./index.ts";
import { value } from "./values.ts";

export type Shape = Readonly<Record<string, z.ZodType>>;

/** A key's schema without "may be left out". */
export function bare(schema: z.ZodType): z.ZodType {
  return infoOf(schema)?.schema ?? schema;
}

/** The known keys of a map, or of the alternative that is a map (`hosts: [name | {host: name}]`); null without. */
export function shapeOf(schema: z.ZodType): Shape | null {
  const plain = bare(schema);
  if (plain instanceof z.ZodObject) return plain.shape as Shape;
  if (!(plain instanceof z.ZodUnion)) return null;
  return plain.options.reduce<Shape | null>((found, option) => found ?? shapeOf(option as z.ZodType), null);
}

/** What an item of a list, or an entry of a map of the user's own names, must be. */
export function itemOf(schema: z.ZodType): z.ZodType | null {
  const plain = bare(schema);
  if (plain instanceof z.ZodArray) return plain.element as z.ZodType;
  if (plain instanceof z.ZodRecord) return plain.valueType as z.ZodType;
  return null;
}

/** The schema of what stands at a path of the file, null where nothing is known. */
function schemaAt(path: Path): z.ZodType | null {
  return path.reduce<z.ZodType | null>((schema, part) => {
    const known = schema && shapeOf(schema);
    return known ? (Object.hasOwn(known, part) ? known[part]! : null) : schema && itemOf(schema);
  }, writtenSchema);
}

/** A map whose keys are the user's own names. */
export function hasNames(schema: z.ZodType): boolean {
  return bare(schema) instanceof z.ZodRecord;
}

/** What may stand below a path. */
export function childKeys(path: Path): string[] {
  const schema = schemaAt(path);
  if (!schema) return [];
  const plain = bare(schema);
  if (plain instanceof z.ZodRecord && plain.keyType instanceof z.ZodEnum)
    return plain.keyType.options as string[];
  return Object.keys(shapeOf(schema) ?? {});
}

/** Does a map of the user's own names stand at this path (env.vars, processes)? */
export function hasOwnNames(path: Path): boolean {
  const schema = schemaAt(path);
  return schema !== null && hasNames(schema);
}

/** Is a scalar at this path text however it looks? PORT: 8000, VERSION: 1.10, args: [--timeout, 60] */
export function isText(path: Path): boolean {
  const schema = schemaAt(path);
  return schema !== null && bare(schema) === value;
}
