import { describe, expect, it } from "vitest";
import { z } from "zod";
import { type Operation, operations, shapeOf } from "../../../src/host/protocol.ts";
import { askPython } from "../../support/host-python.ts";

// The table of operations is written in TypeScript, what does them in Python: neither may know more than the other.

const names = Object.keys(operations) as Operation[];

/** What the agent reads of its arguments, by the functions that do it. */
const python = askPython<{ agent: string[]; reader: string[]; reads: Record<string, string[]> }>(`
import ast, inspect, json
import djd_agent, djd_reader, djd_running

def read(node):
    """Names that a function takes out of its args."""
    for one in ast.walk(node):
        if isinstance(one, ast.Subscript) and getattr(one.value, "id", "") == "args" and isinstance(one.slice, ast.Constant):
            yield one.slice.value
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute) and one.func.attr == "get":
            if getattr(one.func.value, "id", "") == "args":
                yield one.args[0].value

agent = {**djd_agent.named(vars(djd_agent)), **djd_agent.named(vars(djd_running))}
reads = {name: sorted(set(read(ast.parse(inspect.getsource(act))))) for name, act in agent.items()}
step = set(read(ast.parse(inspect.getsource(djd_agent._step))))
for name in ("step", "inspect"):
    reads[name] = sorted({*reads[name], *step})
print(json.dumps({"agent": sorted(agent), "reader": sorted(djd_reader.OPERATIONS), "reads": reads}))
`);

describe("the table of operations and the agent", () => {
  it("have the same operations", () => {
    expect([...names].sort()).toEqual(python.agent);
  });

  it("that of a key which may only read knows no others", () => {
    expect(python.agent).toEqual(expect.arrayContaining(python.reader));
  });

  it.each(names)("%s: what is read of its arguments stands in the table", (op) => {
    const { properties = {} } = z.toJSONSchema(shapeOf(op).args()) as { properties?: object };
    expect(Object.keys(properties)).toEqual(expect.arrayContaining(python.reads[op] ?? []));
  });
});
