import { expect, test } from "vitest";
import {
  moduleNames,
  tabledModules,
  tabledTypes,
  typeAttribute,
  typeAttributes,
} from "../../../src/python/names/index.ts";
import { lintText, SOUND, verdict } from "./judge-of.ts";

/** One object of each type that settings can make without much ado. */
const OBJECTS: Record<string, string> = {
  str: '"a"',
  bytes: 'b"a"',
  int: "1",
  bool: "True",
  float: "1.5",
  complex: "1j",
  list: "[1]",
  tuple: "(1,)",
  set: "{1}",
  frozenset: "frozenset([1])",
  dict: '{"a": 1}',
  dict_keys: "{}.keys()",
  dict_values: "{}.values()",
  dict_items: "{}.items()",
  range: "range(2)",
  map: "map(str, [1])",
  zip: "zip([1])",
  generator: "(x for x in [1])",
  NoneType: "None",
  function: "(lambda: 1)",
  slice: "slice(1)",
  PosixPath: '__import__("pathlib").Path("a")',
  timedelta: '__import__("datetime").timedelta(1)',
  OrderedDict: '__import__("collections").OrderedDict()',
  defaultdict: '__import__("collections").defaultdict(list)',
  deque: '__import__("collections").deque([1])',
  Match: '__import__("re").match("a", "a")',
  ParseResult: '__import__("urllib.parse", fromlist=["x"]).urlparse("a")',
  _Environ: '__import__("os").environ',
  ValueError: 'ValueError("x")',
  KeyError: 'KeyError("x")',
  OSError: 'OSError(2, "x")',
  type: "int",
  object: "object()",
};

const always = (type: string): string[] =>
  typeAttributes(type).filter((name) => typeAttribute(type, name)?.always);

test.each(Object.entries(OBJECTS))("no attribute of %s is missing", (type, text) => {
  expect(tabledTypes()).toContain(type);
  const gets = always(type).map((name) => `    o.${name}`);
  const settings = `DEBUG = False\no = ${text}\ntry:\n${gets.join("\n")}\nexcept AttributeError:\n    DEBUG = True`;
  expect(verdict(lintText(`${SOUND}\n${settings}`), "security.W018")).not.toBe("certain");
  expect(
    verdict(
      lintText(`${SOUND}\no = ${text}\n${gets.map((g) => g.trim()).join("\n")}`),
      "djdeploy.settings-fail",
    ),
  ).toBe("pass");
});

test.each(tabledModules().filter((name) => name !== "builtins"))(
  "nothing in the module %s is missing",
  (module) => {
    const names = [...(moduleNames(module) ?? [])].filter((name) => !/^(print|None|True|False)$/.test(name));
    const text = `import ${module}\nfrom ${module} import ${names.join(", ")}\n${names.map((n) => `${module}.${n}`).join("\n")}`;
    expect(verdict(lintText(`${SOUND}\n${text}`), "djdeploy.settings-fail")).toBe("pass");
  },
);

test("a name that no table has is an AttributeError", () => {
  const gets = Object.entries(OBJECTS)
    .filter(([type]) => !/^(function|OrderedDict|type|complex)$/.test(type))
    .map(
      ([, text], i) => `try:\n    (${text}).no_such_name\nexcept AttributeError:\n    n += 1\n    X${i} = 1`,
    );
  const result = lintText(`${SOUND}\nn = 0\n${gets.join("\n")}\nDEBUG = n == ${gets.length}`);
  expect(verdict(result, "security.W018")).toBe("certain");
});
