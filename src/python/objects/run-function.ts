import { ite, or } from "../logic/decide.ts";
import { notFollowed } from "../logic/forget.ts";
import type { Machine } from "../logic/machine.ts";
import { raiseProven } from "../logic/outcomes.ts";
import { misfits } from "../logic/proofs.ts";
import { MAX_DEPTH } from "../logic/steps.ts";
import type { Frame, Func, Value } from "../logic/values.ts";
import { dict, FALSE, list, NONE, scope, tuple, unknown } from "../logic/values.ts";
import { relative, simplified } from "../logic/worlds.ts";

/** Runs a function of the project. */
export function callFunction(m: Machine, f: Func, args: Value[], kwargs: Map<string, Value>): Value {
  if (m.depth >= MAX_DEPTH) return notFollowed(m, `${f.name}() calls itself too often`, args, kwargs);
  const own = scope(m.pc);
  const frame: Frame = {
    scope: own,
    module: f.closure.module,
    parent: f.closure,
    outer: new Map(),
    isClass: false,
    cls: f.owner,
    lines: f.closure.lines,
    file: f.closure.file,
    done: FALSE,
    result: NONE,
    locals: f.locals,
    yields: f.generator ? { ...list([], m.pc), kind: "generator", once: true } : null,
    self: args[0] ?? null,
  };
  bind(m, f, own.slots, args, kwargs);
  if (frame.yields) {
    // Nothing of it runs until somebody asks for an item.
    frame.yields.pending = () => {
      run(m, f, frame);
      return frame.yields?.content ?? tuple([]);
    };
    return frame.yields;
  }
  return run(m, f, frame);
}

function run(m: Machine, f: Func, frame: Frame): Value {
  const { frame: caller, here } = m;
  const entersLibrary = frame.file.startsWith("<") && !caller.file.startsWith("<");
  if (entersLibrary) m.callers.push(caller);
  m.frame = frame;
  m.depth++;
  const body = f.node.body;
  try {
    if (!Array.isArray(body)) return m.core.evaluate(m, body);
    m.core.execute(m, body);
    // Falling off the end returns None; frame.result starts as that.
    m.pc = simplified(m, or(m.pc, frame.done));
    return frame.result;
  } finally {
    m.depth--;
    if (entersLibrary) m.callers.pop();
    m.frame = caller;
    m.here = here;
  }
}

function bind(
  m: Machine,
  f: Func,
  slots: Map<string, Value>,
  args: Value[],
  kwargs: Map<string, Value>,
): void {
  const { args: named, posonlyargs, kwonlyargs, vararg, kwarg } = f.node.args;
  const positional = [...posonlyargs, ...named];
  const firstDefault = positional.length - f.defaults.length;
  const rest = new Map(kwargs);
  const splat = args.findIndex((a) => a.t === "unknown" && a.splat);
  const fallback = splat >= 0 ? args[splat] : undefined;
  const certain = splat >= 0 ? args.slice(0, splat) : args;
  for (const [i, p] of positional.entries()) {
    const given =
      certain[i] ?? rest.get(p.arg) ?? fallback ?? rest.get("\0open") ?? f.defaults[i - firstDefault];
    if (!certain[i]) rest.delete(p.arg);
    if (given === undefined)
      raiseProven(
        m,
        misfits(f),
        "TypeError",
        `${f.name}() missing 1 required positional argument: '${p.arg}'`,
      );
    slots.set(p.arg, given === fallback ? unknown("an argument that is not known") : given);
  }
  if (vararg) slots.set(vararg.arg, tuple(args.slice(positional.length)));
  else if (certain.length > positional.length)
    raiseProven(
      m,
      misfits(f),
      "TypeError",
      `${f.name}() takes ${positional.length} positional arguments but ${args.length} were given`,
    );
  for (const [i, p] of kwonlyargs.entries()) {
    const given = rest.get(p.arg) ?? rest.get("\0open") ?? f.kwDefaults[i];
    rest.delete(p.arg);
    if (!given)
      raiseProven(
        m,
        misfits(f),
        "TypeError",
        `${f.name}() missing 1 required keyword-only argument: '${p.arg}'`,
      );
    slots.set(p.arg, given);
  }
  const open = rest.get("\0open");
  rest.delete("\0open");
  if (kwarg) {
    const d = dict(m.pc);
    for (const [k, v] of rest) d.scope.slots.set(k, v);
    if (open?.t === "unknown") d.open = open;
    slots.set(kwarg.arg, d);
  } else if (rest.size > 0)
    raiseProven(
      m,
      misfits(f),
      "TypeError",
      `${f.name}() got an unexpected keyword argument '${[...rest.keys()][0]}'`,
    );
}

/** Leaves the current function with a value, in the worlds being executed. */
export function leave(m: Machine, v: Value): void {
  const { frame } = m;
  frame.result = ite(relative(m, frame.scope.born), v, frame.result);
  frame.done = or(frame.done, m.pc);
  m.pc = FALSE;
}
