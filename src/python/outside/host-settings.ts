import { and, ite, possible, toCondition } from "../logic/decide.ts";
import { fact } from "../logic/facts.ts";
import type { Machine } from "../logic/machine.ts";
import { read, write } from "../logic/scopes.ts";
import { unknown } from "../logic/values.ts";

/** What every host says for itself, so what a file is for that only the host has. */
const OF_THE_HOST = ["SECRET_KEY", "ALLOWED_HOSTS", "DATABASES"];

/** A file that only the host has may set these from here on: none of them is certain any more. */
export function hostMaySet(m: Machine, what: string): void {
  const { scope: own } = m.frame.module;
  const reason = `${what} is on the host only, if anywhere`;
  for (const name of OF_THE_HOST)
    write(m, own, name, ite(fact(m, reason), unknown(reason), read(m, own, name)));
}

/** A package that brings settings may bring these where the project has not said them itself. */
export function packageMaySet(m: Machine, name: string): void {
  const { scope: own } = m.frame.module;
  const reason = `${name} is outside the project`;
  for (const setting of OF_THE_HOST) {
    const before = read(m, own, setting);
    const absent = toCondition(before, (o) => o.t === "missing");
    if (possible(absent)) write(m, own, setting, ite(and(absent, fact(m, reason)), unknown(reason), before));
  }
}
