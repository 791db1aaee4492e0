// Our models of the libraries that read the environment beside the libraries themselves.
import { spawnSync } from "node:child_process";
import { lint } from "../../src/lint/index.ts";
import { recordTree } from "../../src/python/source/tree.ts";

/** Texts that tell casts apart; null: the variable is not set. */
const TEXTS = [
  null,
  "",
  " ",
  "true",
  " true ",
  "TRUE",
  "yes",
  "on",
  "t",
  "1",
  "0",
  "off",
  "no",
  "False",
  "maybe",
  "12",
  " 12 ",
  "1.5",
  "a,b",
  "a, b,",
  " a ",
  ",",
  '["a", "b"]',
  '{"a": 1}',
];

const environ = "import environ\nenv = environ.Env()\n";
const environs = "from environs import Env\nenv = Env()\n";
const decouple = "from decouple import config, Csv\n";
const values = "from configurations import values\n";
const pretty = "from prettyconf import config\n";
const named = `environ_name="X", environ_prefix=None`;
const pydantic = (type: string): string =>
  `from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n    x: ${type}\nRESULT = S().x`;

/** Library, what is called, and the settings that put it in RESULT. */
const CALLS: [string, string, string][] = [
  ["os", "environ.get", `import os\nRESULT = os.environ.get("X")`],
  ["os", "environ.get with a default", `import os\nRESULT = os.environ.get("X", "d")`],
  ["os", "environ[]", `import os\nRESULT = os.environ["X"]`],
  ["os", "getenv, bool", `import os\nRESULT = bool(os.getenv("X"))`],
  ["os", "getenv, int", `import os\nRESULT = int(os.getenv("X", "5"))`],
  ["os", "getenv, split", `import os\nRESULT = os.getenv("X", "").split(",")`],
  ["os", "getenv, literal_eval", `import os, ast\nRESULT = ast.literal_eval(os.getenv("X", "None"))`],
  ["os", "getenv, json", `import os, json\nRESULT = json.loads(os.getenv("X", "[]"))`],
  ["django-environ", "str", `${environ}RESULT = env("X")`],
  ["django-environ", "str with a default", `${environ}RESULT = env("X", default=None)`],
  ["django-environ", "bool", `${environ}RESULT = env.bool("X")`],
  ["django-environ", "bool with a default", `${environ}RESULT = env.bool("X", default=True)`],
  ["django-environ", "int", `${environ}RESULT = env.int("X")`],
  ["django-environ", "float", `${environ}RESULT = env.float("X", default=1.0)`],
  ["django-environ", "list", `${environ}RESULT = env.list("X")`],
  ["django-environ", "list with a default", `${environ}RESULT = env.list("X", default=["d"])`],
  ["django-environ", "tuple", `${environ}RESULT = env.tuple("X", default=("d",))`],
  ["django-environ", "json", `${environ}RESULT = env.json("X", default={})`],
  ["django-environ", "scheme", `import environ\nenv = environ.Env(X=(bool, False))\nRESULT = env("X")`],
  ["django-environ", "smart cast", `${environ}RESULT = env("X", default=False)`],
  ["environs", "str", `${environs}RESULT = env("X")`],
  ["environs", "str with a default", `${environs}RESULT = env.str("X", "d")`],
  ["environs", "bool", `${environs}RESULT = env.bool("X")`],
  ["environs", "bool with a default", `${environs}RESULT = env.bool("X", default=False)`],
  ["environs", "int", `${environs}RESULT = env.int("X", default=3)`],
  ["environs", "float", `${environs}RESULT = env.float("X", default=3.0)`],
  ["environs", "list", `${environs}RESULT = env.list("X")`],
  ["environs", "list with a default", `${environs}RESULT = env.list("X", default=[])`],
  ["environs", "json", `${environs}RESULT = env.json("X", default=None)`],
  ["decouple", "str", `${decouple}RESULT = config("X")`],
  ["decouple", "str with a default", `${decouple}RESULT = config("X", default="d")`],
  ["decouple", "bool", `${decouple}RESULT = config("X", cast=bool)`],
  ["decouple", "bool with a default", `${decouple}RESULT = config("X", default=False, cast=bool)`],
  ["decouple", "int", `${decouple}RESULT = config("X", default=2, cast=int)`],
  ["decouple", "Csv", `${decouple}RESULT = config("X", default="", cast=Csv())`],
  ["configurations", "Value", `${values}RESULT = values.Value("d", ${named})`],
  ["configurations", "BooleanValue", `${values}RESULT = values.BooleanValue(False, ${named})`],
  ["configurations", "IntegerValue", `${values}RESULT = values.IntegerValue(1, ${named})`],
  ["configurations", "ListValue", `${values}RESULT = values.ListValue([], ${named})`],
  ["configurations", "TupleValue", `${values}RESULT = values.TupleValue((), ${named})`],
  ["configurations", "DictValue", `${values}RESULT = values.DictValue({}, ${named})`],
  ["configurations", "SecretValue", `${values}RESULT = values.SecretValue(${named})`],
  ["pydantic-settings", "str", pydantic("str")],
  ["pydantic-settings", "str with a default", pydantic(`str = "d"`)],
  ["pydantic-settings", "bool", pydantic("bool = False")],
  ["pydantic-settings", "int", pydantic("int = 1")],
  ["pydantic-settings", "list", pydantic("list[str] = []")],
  ["prettyconf", "str", `${pretty}RESULT = config("X")`],
  ["prettyconf", "boolean", `${pretty}RESULT = config("X", default=False, cast=config.boolean)`],
  ["prettyconf", "list", `${pretty}RESULT = config("X", default="", cast=config.list)`],
  ["prettyconf", "int", `${pretty}RESULT = config("X", default=4, cast=int)`],
  ["dj-database-url", "config", `import dj_database_url\nRESULT = dj_database_url.config(env="X")`],
];

/** What the real libraries answer: for each call and text a JSON value, or what is raised. */
const ASK = `
import json, os, sys, logging
spec = json.load(sys.stdin)
sys.path[:0] = spec["paths"]
logging.disable()
out = []
for code in spec["codes"]:
    row = []
    for text in spec["texts"]:
        os.environ.pop("X", None)
        if text is not None:
            os.environ["X"] = text
        space = {"__name__": "settings", "__file__": "/nonexistent/settings.py"}
        try:
            exec(compile(code, "/nonexistent/settings.py", "exec"), space)
            row.append({"value": json.loads(json.dumps(space["RESULT"], default=str))})
        except BaseException as e:
            row.append({"raises": type(e).__name__})
    out.append(row)
print(json.dumps(out))
`;

type Answer = { value?: unknown; raises?: string };

/** Prints where a model and its library differ, and per library how many answers agree. True when all do. */
export function compareLibraries(python: string, paths: string[]): boolean {
  const codes = CALLS.map(([, , code]) => code);
  const run = spawnSync(python, ["-I", "-c", ASK], {
    input: JSON.stringify({ paths, codes, texts: TEXTS }),
    encoding: "utf8",
  });
  if (run.status !== 0) throw new Error(run.stderr.slice(-600));
  const real = JSON.parse(run.stdout) as Answer[][];
  const totals = new Map<string, { right: number; all: number }>();
  for (const [i, [library, call, code]] of CALLS.entries())
    for (const [k, text] of TEXTS.entries()) {
      const total = totals.get(library) ?? { right: 0, all: 0 };
      totals.set(library, total);
      const theirs = real[i]?.[k] ?? {};
      const ours = answerOf(code, text);
      const same = theirs.raises ? ours.raises !== undefined : isSame(theirs.value, ours.value);
      total.all++;
      if (same) total.right++;
      else
        process.stdout.write(
          `${library} ${call}, X ${text === null ? "unset" : `= ${JSON.stringify(text)}`}: ${JSON.stringify(theirs)}, we ${JSON.stringify(ours)}\n`,
        );
    }
  for (const [library, { right, all }] of totals)
    process.stdout.write(`${library.padEnd(18)} ${right} of ${all} answers agree\n`);
  return [...totals.values()].every(({ right, all }) => right === all);
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** What the evaluator says of RESULT. */
function answerOf(code: string, text: string | null): Answer {
  const result = lint({
    files: recordTree({ "mysite/__init__.py": "", "mysite/settings.py": code }),
    settingsModule: "mysite.settings",
    djangoVersion: "5.2",
    ...(text === null ? {} : { environment: { X: text } }),
    ignore: {},
  });
  const failed = result.findings.find((f) => f.id === "djdeploy.settings-fail");
  if (failed) return { raises: failed.message };
  const needed = result.findings.find((f) => f.id === "djdeploy.settings-need-variable" && f.whenUnset);
  if (text === null && needed) return { raises: needed.message };
  return { value: result.settings.RESULT?.value };
}
