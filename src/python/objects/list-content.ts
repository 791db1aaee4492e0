import { pure } from "../logic/apply.ts";
import { bounded } from "../logic/bounded.ts";
import { combine, ite, possible } from "../logic/decide.ts";
import type { Machine } from "../logic/machine.ts";
import type { List, Value } from "../logic/values.ts";
import { itemsIn, tuple } from "../logic/values.ts";
import { spend } from "../logic/work.ts";
import { relative, simplified } from "../logic/worlds.ts";

/** `a` where the condition holds, `b` elsewhere; many different sequences become one. */
const settled = (when: Value, a: Value, b: Value): Value => bounded(ite(when, a, b));

/** Gives a list or set a content, in the worlds being executed. */
export function setContent(m: Machine, self: List, next: Value): void {
  if (possible(m.pc)) self.content = settled(relative(m, self.born), next, self.content);
}

/** Changes a list's content in the worlds being executed. */
export function mutate(m: Machine, self: List, change: (items: Value[]) => Value[]): void {
  setContent(
    m,
    self,
    pure(m, [self.content], ([c]) => {
      const items = itemsIn(c);
      // A list that grows in a long loop is copied at each step.
      spend(items.length >> 5);
      return tuple(change([...items]));
    }),
  );
}

/** The content with an item added in the worlds of `when`, and as it was in all others. */
export function appendWhere(m: Machine, content: Value, when: Value, item: Value): Value {
  const there = simplified(m, when);
  if (!possible(there)) return content;
  const more = combine([content], ([c]) => tuple([...itemsIn(c), item]));
  return settled(there, more, content);
}
