import { z } from "zod";
import type { Path } from "../problems.ts";
import { infoOf } from "./fields.ts";
import { environmentKeys, topKeys } from "./index.ts";

type Shape = Record<string, z.ZodType>;

/** The keys a map may have, or null for a value that is no map of known keys. */
export function shapeOf(schema: z.ZodType): Shape | null {
  if (schema instanceof z.ZodObject) return schema.shape as Shape;
  const info = infoOf(schema);
  return info ? shapeOf(info.schema) : null;
}

/** What may stand below a path: known keys, following lists, maps of own names and alternatives. */
export function childKeys(prefix: Path, path: Path): string[] {
  const top: Shape =
    prefix.length > 0 ? { ...topKeys, ...environmentKeys } : { ...topKeys, environments: z.any() };
  let shape: Shape | null = top;
  let schema: z.ZodType | undefined;
  for (const part of path) {
    schema = shape && typeof part === "string" ? shape[part] : elementOf(schema);
    shape = schema ? mapWithin(schema) : null;
  }
  return Object.keys(shape ?? {});
}

function mapWithin(schema: z.ZodType): Shape | null {
  const plain = infoOf(schema)?.schema ?? schema;
  if (plain instanceof z.ZodUnion) {
    for (const option of plain.options) {
      const shape = mapWithin(option as z.ZodType);
      if (shape) return shape;
    }
  }
  return shapeOf(plain);
}

function elementOf(schema: z.ZodType | undefined): z.ZodType | undefined {
  const plain = schema && (infoOf(schema)?.schema ?? schema);
  if (plain instanceof z.ZodArray) return plain.element as z.ZodType;
  if (plain instanceof z.ZodRecord) return plain.valueType as z.ZodType;
  return undefined;
}
