import { z } from "zod";

/**
 * The building bricks of the schema. The text of every zod error is the phrase that says what is expected ("a duration
 * such as 60s"); src/config/explain.ts makes the sentence around it, and the reference page prints the same phrase.
 */
export interface KeyInfo {
  schema: z.ZodType;
  description: string;
  /** As it would be written in the file; undefined where the key is required or a section. */
  default: unknown;
  /** Said instead of the default where that is computed: "/srv/APP". */
  defaultText?: string;
  examples: unknown[];
}

const infos = new WeakMap<z.ZodType, KeyInfo>();
const phrases = new WeakMap<z.ZodType, string>();

/** What is known of a key, for the reference page; undefined for a schema that is no key. */
export function infoOf(schema: z.ZodType): KeyInfo | undefined {
  return infos.get(schema);
}

function noted<S extends z.ZodType>(schema: S, info: KeyInfo): S {
  infos.set(schema, info);
  return schema;
}

/** What a schema expects, in words. */
export function phraseOf(schema: z.ZodType): string {
  return phrases.get(schema) ?? "a value";
}

export function said<S extends z.ZodType>(phrase: string, schema: S): S {
  phrases.set(schema, phrase);
  return schema;
}

interface Extra<I> {
  defaultText?: string;
  examples?: I[];
}

/** A key that may be left out or null; both mean the default. */
export function key<S extends z.ZodType, D extends z.input<S> | null>(
  schema: S,
  fallback: D,
  description: string,
  { defaultText, examples = [] }: Extra<z.input<S>> = {},
) {
  type Value = z.output<S> | (D extends null ? null : never);
  const filled = schema
    .nullish()
    .transform((value): Value => (value ?? (fallback === null ? null : schema.parse(fallback))) as Value);
  const computed = defaultText === undefined ? {} : { defaultText };
  return noted(filled, { schema, description, default: fallback, examples, ...computed });
}

/** A key that must be there. */
export function required<S extends z.ZodType>(schema: S, description: string, examples: z.input<S>[] = []) {
  return noted(schema.meta({ description }), { schema, description, default: undefined, examples });
}

/** A map with known keys, which may be left out as a whole. */
export function section<T extends z.core.$ZodShape>(shape: T, description: string) {
  const schema = z.strictObject(shape, { error: "a map" });
  phrases.set(schema as z.ZodType, "a map");
  const filled = schema.nullish().transform((value) => value ?? schema.parse({}));
  infos.set(filled as z.ZodType, {
    schema: schema as z.ZodType,
    description,
    default: undefined,
    examples: [],
  });
  return filled;
}

export function text(phrase = "text", pattern = /^[^\0]+$/) {
  return said(phrase, z.string({ error: phrase }).regex(pattern, { error: phrase }));
}

/** Text under a rule that a pattern cannot say. */
export function textWhere(phrase: string, holds: (value: string) => boolean) {
  return said(phrase, z.string({ error: phrase }).refine(holds, { error: phrase }));
}

export function oneOf<const V extends readonly [string, ...string[]]>(...values: V) {
  const phrase = orList(values);
  return said(phrase, z.enum(values, { error: phrase }));
}

export function flag() {
  return said("true or false", z.boolean({ error: "true or false" }));
}

export function whole(least: number, most = 1_000_000) {
  const phrase =
    most === 1_000_000 ? `a whole number of at least ${least}` : `a whole number from ${least} to ${most}`;
  return said(phrase, z.int({ error: phrase }).min(least, { error: phrase }).max(most, { error: phrase }));
}

/** Milliseconds out of `60s`; a plain number is refused, because nobody agrees on its unit. */
export function duration({ least = 0 } = {}) {
  const phrase = "a duration such as 60s, 300ms or 2m";
  const schema = z
    .string({ error: phrase })
    .regex(/^\d{1,9}(\.\d{1,3})?(ms|s|m|h)$/, { error: phrase })
    .transform(milliseconds)
    .refine((ms) => ms >= least && ms <= day, {
      error: `a duration ${least > 0 ? "longer than 0 and " : ""}up to 24h`,
    });
  return said(phrase, schema);
}

const day = 86_400_000;
const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

function milliseconds(written: string): number {
  const [, amount, unit] = /^([\d.]+)(ms|s|m|h)$/.exec(written)!;
  return Math.round(Number(amount) * units[unit as keyof typeof units]);
}

export function list<S extends z.ZodType>(item: S, many: string) {
  const phrase = `a list of ${many}`;
  return said(phrase, z.array(item, { error: phrase }));
}

export function mapOf<K extends z.ZodType<string, string>, V extends z.ZodType>(
  name: K,
  value: V,
  phrase: string,
) {
  return said(phrase, z.record(name, value, { error: phrase }));
}

export function either<A extends z.ZodType, B extends z.ZodType>(a: A, b: B) {
  const phrase = `${phraseOf(a)} or ${phraseOf(b)}`;
  return said(phrase, z.union([a, b], { error: phrase }));
}

export function auto<S extends z.ZodType>(schema: S) {
  return either(said("auto", z.literal("auto", { error: "auto" })), schema);
}

function orList(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}
