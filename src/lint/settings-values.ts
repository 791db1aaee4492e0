import { elementsOf } from "../python/logic/condensed.ts";
import { always, leaves, toCondition } from "../python/logic/decide.ts";
import { keyObject } from "../python/logic/keys.ts";
import type { Obj, Value } from "../python/logic/values.ts";
import { TRUE } from "../python/logic/values.ts";
import { OutOfWork, renewWork } from "../python/logic/work.ts";
import { living } from "../python/logic/worlds.ts";
import { numberText } from "../python/objects/text.ts";
import { shortened } from "../report/visible.ts";
import { type Judge, setting } from "./judge.ts";
import { isSecret } from "./secret-names.ts";
import type { SettingValue } from "./types.ts";
import { placeOf, unsetEdge } from "./verdict.ts";

const SHOWN_DEFAULTS =
  "DEBUG SECRET_KEY ALLOWED_HOSTS MIDDLEWARE SECURE_HSTS_SECONDS SECURE_HSTS_INCLUDE_SUBDOMAINS SECURE_HSTS_PRELOAD SECURE_SSL_REDIRECT SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE X_FRAME_OPTIONS".split(
    " ",
  );
/** Every setting as JSON, with how sure we are; values of secrets are never shown. */
export function describeSettings(j: Judge): Record<string, SettingValue> {
  const names = new Set([...SHOWN_DEFAULTS, ...j.evaluation.settings.keys()]);
  const out: Record<string, SettingValue> = {};
  renewWork();
  for (const name of [...names].sort())
    try {
      out[name] = describe(j, name);
    } catch (error) {
      if (!(error instanceof OutOfWork)) throw error;
      renewWork();
      out[name] = {
        value: null,
        certainty: "unknown",
        file: null,
        line: null,
        reason: "it depends on too much at once",
      };
    }
  return out;
}

/** One setting as JSON. */
export function describe(j: Judge, name: string): SettingValue {
  const v = living(j.m, setting(j, name));
  const place = placeOf(j.evaluation, name, TRUE);
  const at = { file: place?.file ?? null, line: place?.line ?? null };
  const shown = unsetPart(j, v);
  const secret = isSecret(name);
  const value = secret ? secretClass(j, v) : toJson(j, shown, 0);
  if (shown.t === "unknown" || v.t === "unknown")
    return {
      value: secret ? value : null,
      certainty: "unknown",
      ...at,
      reason: shown.t === "unknown" ? shown.reason : "",
    };
  return {
    value,
    certainty: isCertain(j, v, 0)
      ? j.assumed.has(name)
        ? "depends"
        : "certain"
      : leaves(v).some((o) => o.t === "unknown")
        ? "unknown"
        : "depends",
    ...at,
    ...(j.assumed.has(name) ? { assumed: true as const } : {}),
  };
}

/** In the place of what a variable says that has to be set: any text of ours would look like the project's. */
const GIVEN: Obj = { t: "ellipsis" };

/** The value while the variables that may be unset are not set; GIVEN where one has to be, and decides. */
function unsetPart(j: Judge, v: Value): Obj {
  let out: Value = v;
  while (out.t === "choice") {
    const edge = unsetEdge(j.evaluation, out);
    if (!edge && j.evaluation.variables[out.at]?.kind === "env") return GIVEN;
    out = (edge ?? out.edges.at(-1) ?? { to: v }).to;
  }
  return out;
}

function isCertain(j: Judge, v: Value, depth: number): boolean {
  const here = living(j.m, v);
  if (here.t === "choice" || here.t === "unknown") return false;
  if (depth > 6) return true;
  if (here.t === "tuple") return here.items.every((i) => isCertain(j, i, depth + 1));
  if (here.t === "list" || here.t === "set") return isCertain(j, here.content, depth + 1);
  if (here.t === "dict")
    return !here.open && [...here.scope.slots.values()].every((x) => isCertain(j, x, depth + 1));
  return true;
}

function secretClass(j: Judge, v: Value): string {
  if (v.t === "choice") return "from the environment";
  if (v.t === "unknown") return v.generated ? "generated" : v.from ? "from the environment" : "unknown";
  if (v.t !== "str") return v.t === "none" || v.t === "missing" ? "missing" : v.t;
  if (v.v === "") return "empty";
  if (v.v.startsWith("django-insecure-")) return "insecure-prefix";
  return Object.values(j.input.environment ?? {}).includes(v.v) ? "from the environment" : "literal";
}

/** An element, or of those that are not always there the ones that are while nothing is set. */
function whileUnset(j: Judge, item: Value): Value[] {
  const among = elementsOf(item);
  return among ? among.filter(({ when }) => always(unsetPart(j, when))).map((one) => one.item) : [item];
}

function toJson(j: Judge, v: Value, depth: number): unknown {
  const o = unsetPart(j, living(j.m, v));
  if (o === GIVEN) return null;
  if (depth > 8) return "…";
  switch (o.t) {
    case "none":
    case "missing":
      return null;
    case "bool":
      return o.v;
    case "num":
      return Number.isFinite(o.v) ? o.v : numberText(o.v, o.float);
    case "str":
      return shortened(o.v, 297);
    case "path":
    case "bytes":
      return o.v;
    case "tuple":
      return o.items
        .flatMap((i) => whileUnset(j, i))
        .slice(0, 200)
        .map((i) => toJson(j, i, depth + 1));
    case "list":
    case "set":
      return toJson(j, o.content, depth);
    case "dict": {
      const entries = [...o.scope.slots]
        .filter(([, x]) =>
          always(
            unsetPart(
              j,
              toCondition(x, (at) => at.t !== "missing"),
            ),
          ),
        )
        .slice(0, 200);
      return Object.fromEntries(
        entries.map(([k, x]) => {
          const key = k[0] === "\0" ? String((keyObject(k) as { v?: unknown }).v ?? k.slice(1)) : k;
          return [
            key,
            isSecret(key.toUpperCase()) && unsetPart(j, x).t === "str" ? "***" : toJson(j, x, depth + 1),
          ];
        }),
      );
    }
    case "unknown":
      return null;
    case "instance":
      return `<${o.cls.name}>`;
    default:
      return `<${o.t}>`;
  }
}
