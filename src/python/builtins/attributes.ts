import { mayBeAbsent } from "../logic/absent-names.ts";
import { each, pure } from "../logic/apply.ts";
import { leaves, toCondition } from "../logic/decide.ts";
import { forget } from "../logic/forget.ts";
import type { Machine } from "../logic/machine.ts";
import { gap, raiseProven } from "../logic/outcomes.ts";
import { exactType, isPythons, lacksAttribute, lacksInScope, type Proof } from "../logic/proofs.ts";
import { read } from "../logic/scopes.ts";
import type { Obj, Value } from "../logic/values.ts";
import { NONE, namespaceDict, native, num, str, typeName, unknown } from "../logic/values.ts";
import { narrow } from "../logic/worlds.ts";
import { typeAttribute } from "../names/index.ts";
import { getItem } from "../objects/items.ts";
import { startAll } from "../objects/iterate.ts";
import { isStringMethod, noteInterest, stringMethod } from "../objects/methods/strings.ts";
import { findModule } from "../outside/project-files.ts";
import { pathAttribute } from "../stdlib/pathlib.ts";
import { classAttribute, instanceAttribute } from "./class-attributes.ts";
import { lacks } from "./set-attributes.ts";
import { builtinAttribute } from "./type-attributes.ts";

/** `v.name`; `fallback` is what getattr gives instead of AttributeError. */
export function getAttribute(m: Machine, v: Value, name: string, fallback?: Value): Value {
  const here = narrow(m, v);
  // A method of a text that depends on a variable is applied to all its cases at once.
  if (here.t === "choice" && isStringMethod(name) && leaves(here).every((o) => o.t === "str"))
    return native(name, (args, kwargs) => {
      noteInterest(m, here, name, args);
      startAll(m, args);
      return pure(m, [here], ([o]) =>
        stringMethod(m, o as { t: "str"; v: string }, name, args, kwargs, (x, p) => follow(m, x, p)),
      );
    });
  return each(m, here, (o) => {
    const found = leafAttribute(m, o, name);
    if (found === null) return absent(m, o, name, fallback);
    const there = toCondition(found, (x) => x.t !== "missing");
    if (there.t === "bool" && there.v) return found;
    return pure(m, [found], ([x]) => (x?.t === "missing" ? absent(m, o, name, fallback) : (x as Obj)));
  });
}

/**
 * What an object has not got as far as we know: an AttributeError where that is proven, else something that is not
 * modelled. A method of that kind may change its object and what it is given.
 */
function absent(m: Machine, o: Obj, name: string, fallback?: Value): Value {
  // Models ask for what they themselves have set.
  if (fallback && m.frame.file.startsWith("<") && o.t !== "unknown") return fallback;
  const proof = lacksAttribute(o, name) ?? lacksInModule(m, o, name);
  if (proof) return fallback ?? raiseProven(m, proof, "AttributeError", lacks(o, name));
  const type = exactType(o) ?? (o.t === "class" && isPythons(o) ? o.name : null);
  const reason = `${type ?? typeName(o)}.${name}`;
  if (type === null || typeAttribute(type, name)?.has !== "method") return gap(reason);
  return native(name, (args, kwargs) => {
    forget(m, [o, ...args, ...kwargs.values()], reason);
    return gap(reason);
  });
}

/** A module of the project has what it has set, and its submodules: nothing else. */
function lacksInModule(m: Machine, o: Obj, name: string): Proof | null {
  if (o.t !== "module" || o.external || o.scope.slots.has("__getattr__") || /^__\w+__$/.test(name))
    return null;
  return findModule(m, `${o.name}.${name}`) ? null : lacksInScope(o);
}

/** The attribute, or null when the object has none of that name. */
function leafAttribute(m: Machine, o: Obj, name: string): Value | null {
  switch (o.t) {
    case "unknown":
      if (o.type === "str") return typeAttribute("str", name) ? knownTextMethod(o, name) : null;
      return unknown(o.reason, {
        ...(o.from ? { from: o.from } : {}),
        ...(o.generated ? { generated: true } : {}),
      });
    case "module": {
      const slot = read(m, o.scope, name);
      if (slot.t !== "missing") return slot;
      if (name === "__dict__" && (!o.external || o.scope.slots.size > 0)) return namespaceDict(o.scope);
      if (!o.external) return o.scope.slots.get("\0open") ?? null;
      mayBeAbsent(m, o, name, "AttributeError");
      return unknown(`${o.name}.${name} is outside the project`);
    }
    case "tuple":
      if (o.fields?.includes(name)) return o.items[o.fields.indexOf(name)] ?? NONE;
      return builtinAttribute(m, o, name, (x, p) => follow(m, x, p));
    case "path":
      return pathAttribute(m, o.v, name);
    case "class":
      return classAttribute(m, o, name);
    case "instance":
      return instanceAttribute(m, o, name);
    case "func":
      return name === "__name__" ? str(o.name) : name === "__call__" ? o : null;
    case "native":
      return name === "__name__" ? str(o.name) : name === "__call__" ? o : null;
    case "bound":
      return name === "__self__" ? o.self : leafAttribute(m, o.func, name);
    case "missing":
    case "raised":
    case "notFollowed":
    case "place":
      return null;
    default:
      return builtinAttribute(m, o, name, (x, p) => follow(m, x, p));
  }
}

/** What methods of a text that is not known still tell. */
function knownTextMethod(o: Obj & { t: "unknown" }, name: string): Value {
  const kept = { ...(o.from ? { from: o.from } : {}), ...(o.generated ? { generated: true } : {}) };
  const same = /^(lower|upper|title|strip|lstrip|rstrip|replace|encode|decode|format|join|capitalize|zfill)$/;
  return native(name, () => {
    if (/^(lower|upper|title|capitalize|encode|decode)$/.test(name)) return { ...o, ...kept };
    // What random keys are made of has no blanks.
    if (o.generated && /strip$/.test(name)) return o;
    if (same.test(name)) return unknown(o.reason, { type: "str", ...kept });
    if (/split$/.test(name)) return unknown(o.reason, { type: "list", truthy: true, ...kept });
    return unknown(o.reason, kept);
  });
}

/** The `.a[b]` part of a format field. */
function follow(m: Machine, v: Value, path: string): Value {
  let out = v;
  for (const match of path.matchAll(/\.(\w+)|\[([^\]]*)\]/g)) {
    if (match[1] !== undefined) out = getAttribute(m, out, match[1]);
    else out = getItem(m, out, /^\d+$/.test(match[2] ?? "") ? num(Number(match[2])) : str(match[2] ?? ""));
  }
  return out;
}
