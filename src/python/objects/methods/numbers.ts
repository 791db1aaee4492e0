import type { Machine } from "../../logic/machine.ts";
import { gap } from "../../logic/outcomes.ts";
import type { Obj, Value } from "../../logic/values.ts";
import { bool, native, num } from "../../logic/values.ts";

/** An attribute of a number or a flag; null for what is not modelled. */
export function numberAttribute(_m: Machine, o: Obj & { t: "num" | "bool" }, name: string): Value | null {
  const v = Number(o.v);
  const float = o.t === "num" && o.float;
  const method = (make: () => Value): Value => native(name, (args) => (args.length > 0 ? gap(name) : make()));
  switch (name) {
    case "real":
      return num(v, float);
    case "imag":
      return num(0, float);
    case "numerator":
      return num(v);
    case "denominator":
      return num(1);
    case "conjugate":
      return method(() => num(v, float));
    case "bit_length":
      return method(() => num(v === 0 ? 0 : Math.abs(v).toString(2).length));
    case "is_integer":
      return method(() => (float ? bool(Number.isInteger(v)) : gap(name)));
    default:
      return null;
  }
}
