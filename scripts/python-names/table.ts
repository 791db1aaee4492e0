/** What one Python says of itself: see names.py. */
export interface PythonNames {
  python: string;
  types: Record<string, { base: string | null; names: string }>;
  modules: Record<string, string>;
  builtins: string;
  samples: string;
  operators: Record<string, Record<string, string>>;
}

const words = (text: string): string[] => text.split(" ").filter(Boolean);

/** Names of all Pythons; `?` follows those that not every one of them has. */
function merged(all: string[]): string {
  const names = new Set(all.flatMap(words));
  return [...names]
    .sort()
    .map((name) => (all.every((one) => words(one).includes(name)) ? name : `${name}?`))
    .join(" ");
}

const head = (pythons: string): string =>
  `// Made by \`npm run python-names\` from CPython ${pythons}: see scripts/python-names. Do not edit.\n`;

function file(pythons: string, doc: string, name: string, lines: string[]): string {
  return `${head(pythons)}\n/** ${doc} */\nexport const ${name} = \`\n${lines.join("\n")}\n\`;\n`;
}

/** The generated files by path, from what several Pythons say. */
export function nameFiles(all: PythonNames[]): Record<string, string> {
  const pythons = all.map((one) => one.python).join(", ");
  const keys = (pick: (one: PythonNames) => object): string[] => [
    ...new Set(all.flatMap((one) => Object.keys(pick(one)))),
  ];
  const types = keys((one) => one.types).map((name) => {
    const base = all.find((one) => one.types[name])?.types[name]?.base ?? "-";
    return `${name} ${base} ${merged(all.map((one) => one.types[name]?.names ?? ""))}`;
  });
  const modules = keys((one) => one.modules).map(
    (name) => `${name} ${merged(all.map((one) => one.modules[name] ?? ""))}`,
  );
  const operators = keys((one) => one.operators).flatMap((op) =>
    keys((one) => one.operators[op] ?? {}).map((left) => {
      const rights = new Set(all.flatMap((one) => words(one.operators[op]?.[left] ?? "")));
      return `${op} ${left} ${[...rights].sort().join(" ")}`;
    }),
  );
  return {
    "src/python/names/types.gen.ts": file(
      pythons,
      "A type a line: its name, the nearest type above it that is here too, and its own names. `=`: no method; `?`: not in every Python.",
      "TYPE_NAMES",
      types,
    ),
    "src/python/names/modules.gen.ts": file(
      pythons,
      "A module a line: its name and what it holds. `?`: not in every Python.",
      "MODULE_NAMES",
      [`builtins ${merged(all.map((one) => one.builtins))}`, ...modules],
    ),
    "src/python/names/operators.gen.ts": file(
      pythons,
      "An operator and a type on its left a line, then the types on its right with which it may go well; the first line has all types tried.",
      "OPERATORS",
      [`- - ${merged(all.map((one) => one.samples))}`, ...operators],
    ),
  };
}
