import type { Place, Value } from "../../python/logic/values.ts";
import { FALSE, TRUE } from "../../python/logic/values.ts";
import { type Call, callsOf, codeOf, isReadAgain, namesIn, placeOfCode, reached } from "../code.ts";
import { isSet, type Judge, not, setting } from "../judge.ts";
import type { Check, Rule } from "../rule.ts";

/** Family F, how the settings are written. */
export const settingsCodeRules: Rule[] = [
  {
    id: "djdeploy.python-too-new",
    level: "error",
    title: "The settings need a newer Python",
    why: "The Python that the project names does not know this syntax: the settings do not load.",
    fix: "Write it another way, or raise the version of Python.",
    check: tooNew,
  },
  {
    id: "djdeploy.settings-import-development",
    level: "warning",
    title: "The production settings load the development settings",
    why: "Whatever development turns on is on here too, unless it is turned off again.",
    fix: "Put what both share into a base module, and import that.",
    docs: "topics/settings/",
    check: importsDevelopment,
  },
  {
    id: "djdeploy.settings-shadowed",
    level: "warning",
    title: "A settings file is shadowed by a folder of the same name",
    why: "Python takes the folder; what stands in the file is never read.",
    fix: "Remove the file, or move what it says into the folder.",
    check: shadowed,
  },
  {
    id: "djdeploy.settings-forced",
    level: "error",
    title: "The application sets its own settings module",
    why: "It assigns DJANGO_SETTINGS_MODULE, so the server runs with other settings than those that were judged.",
    fix: 'Use os.environ.setdefault("DJANGO_SETTINGS_MODULE", …), which leaves a deploy its choice.',
    docs: "howto/deployment/wsgi/",
    check: forced,
  },
  {
    id: "djdeploy.setting-is-tuple",
    level: "warning",
    title: "A comma turned a setting into a tuple",
    why: "A value with a comma after it is a tuple of one: it counts as on, and as no number.",
    fix: "Remove the comma at the end of the line.",
    docs: "ref/settings/",
    check: (j) => [...j.evaluation.settings.keys()].flatMap((name) => tupleOfOne(j, name)),
  },
  {
    id: "djdeploy.setting-not-upper-case",
    level: "warning",
    title: "A setting that is not in capitals",
    why: "Django reads only names in capitals; this one has no effect.",
    fix: "Write the name in capitals.",
    docs: "topics/settings/#creating-your-own-settings",
    check: notUpperCase,
  },
  {
    id: "djdeploy.setting-twice",
    level: "info",
    title: "A setting is given twice",
    why: "The first line has no effect, and whoever changes it wonders.",
    fix: "Remove one of the lines.",
    check: assignedTwice,
  },
  {
    id: "djdeploy.settings-call-outside",
    level: "info",
    title: "The settings ask another program or host while they load",
    why: "Every command and every worker waits for it, and none starts while it does not answer.",
    fix: "Give the value through the environment.",
    check: (j) =>
      callsOf(j, OUTSIDE).map((call: Call) => ({
        when: call.always ? TRUE : reached(j, call),
        message: `${call.name}() is called while the settings load`,
        place: placeOfCode(call),
      })),
  },
];

const OUTSIDE =
  /^(requests\.(get|post|put|request)|urllib\.request\.urlopen|urlopen|httpx\.(get|post)|subprocess\.(run|call|check_call|check_output|Popen|getoutput|getstatusoutput)|os\.(system|popen)|socket\.create_connection)$|\.(get_secret_value|access_secret_version|get_parameters?_by_path|read_secret_version)$/;

/** Syntax by the first version of Python that has it. */
const SYNTAX: Record<string, [number, string]> = {
  Match: [10, "match"],
  TryStar: [11, "except*"],
  TypeAlias: [12, "type"],
  TemplateStr: [14, "a template string"],
  NamedExpr: [8, ":="],
};

function tooNew(j: Judge): Check[] {
  const minor = exactMinor(j.input.pythonVersion ?? "");
  if (minor === null) return [];
  return codeOf(j).flatMap((code) => {
    const [from, what] = SYNTAX[code.node.nodeType] ?? [0, ""];
    if (from <= minor) return [];
    return [
      {
        when: TRUE,
        everywhere: true,
        message: `${what} needs Python 3.${from}, and the project names Python 3.${minor}`,
        place: placeOfCode(code),
      },
    ];
  });
}

/** The one version that a specifier allows: of a range it is not known which is installed. */
function exactMinor(specifier: string): number | null {
  const found = /^(?:==|~=)\s*3\.(\d+)(?:\.(?:\*|\d+))?$/.exec(specifier.trim());
  return found ? Number(found[1]) : null;
}

const DEVELOPMENT = /(^|[/_.])(dev|devel|develop|development|debug)(_settings)?\.py$/;

function importsDevelopment(j: Judge): Check[] {
  if (DEVELOPMENT.test(j.evaluation.file ?? "")) return [];
  const loaded = j.evaluation.files.find((f) => DEVELOPMENT.test(f) && isSettings(j, f));
  if (!loaded) return [];
  const name = (loaded.split("/").at(-1) ?? "").replace(/\.py$/, "");
  const from = codeOf(j).find(
    ({ file, node }) =>
      file !== loaded && /^Import/.test(node.nodeType) && JSON.stringify(node).includes(`${name}"`),
  );
  // Imported under a condition it may be left out: then nothing is certain.
  if (!from) return [];
  return [
    {
      when: from.always ? TRUE : FALSE,
      message: `the production settings load ${loaded}`,
      place: placeOfCode(from),
    },
  ];
}

/** Beside the settings module, or in a folder of settings. */
function isSettings(j: Judge, file: string): boolean {
  const own = j.evaluation.file ?? "";
  return file.slice(0, file.lastIndexOf("/")) === own.slice(0, own.lastIndexOf("/"));
}

function shadowed(j: Judge): Check[] {
  const file = j.evaluation.file ?? "";
  const folder = file.endsWith("/__init__.py")
    ? file.slice(0, -"/__init__.py".length)
    : file.slice(0, file.lastIndexOf("/"));
  const other = `${folder}.py`;
  if (!/settings|config|conf/.test(folder) || j.input.files.read(other) === null) return [];
  return [
    {
      when: TRUE,
      message: `${other} is never read: the folder ${folder}/ has its name`,
      place: { t: "place", file: other, line: 1, column: 1 },
    },
  ];
}

/** `os.environ["DJANGO_SETTINGS_MODULE"] = "…"` in wsgi.py or asgi.py. */
function forced(j: Judge): Check[] {
  const assigns = /^os\.environ\[(["'])DJANGO_SETTINGS_MODULE\1\]\s*=\s*(["'])([\w.]+)\2/m;
  return j.input.files
    .list()
    .filter((f) => /(^|\/)[aw]sgi\.py$/.test(f) && belowRoot(j, f))
    .flatMap((file) => {
      const text = j.input.files.read(file) ?? "";
      const found = assigns.exec(text);
      if (!found || found[3] === j.input.settingsModule) return [];
      // Where both are there, a deploy serves wsgi.py.
      const aside =
        file.endsWith("asgi.py") && j.input.files.read(file.replace(/asgi\.py$/, "wsgi.py")) !== null;
      const place: Place = {
        t: "place",
        file,
        line: text.slice(0, found.index).split("\n").length,
        column: 1,
      };
      return [
        {
          when: TRUE,
          everywhere: true,
          level: aside ? "warning" : "error",
          message: `${file} sets DJANGO_SETTINGS_MODULE to ${found[3]}, whatever a deploy says`,
          place,
        },
      ];
    });
}

function belowRoot(j: Judge, file: string): boolean {
  const root = (j.input.root ?? ".").replace(/^\.\/?/, "").replace(/\/$/, "");
  const rest = root ? (file.startsWith(`${root}/`) ? file.slice(root.length + 1) : null) : file;
  return rest !== null && rest.split("/").length <= 2;
}

function tupleOfOne(j: Judge, name: string): Check[] {
  const standard = j.evaluation.defaults.get(name);
  const v = setting(j, name);
  if (!standard || !/^(bool|num|str)$/.test(standard.t)) return [];
  const is = (o: Value): boolean =>
    o.t === "tuple" && o.items.length === 1 && /^(bool|num|str)$/.test(o.items[0]?.t ?? "");
  if (!is(v)) return [];
  return [{ when: TRUE, setting: name, message: `${name} is a tuple: there is a comma after its value` }];
}

function notUpperCase(j: Judge): Check[] {
  const scope = j.evaluation.machine.modules.get(j.input.settingsModule)?.module.scope;
  const checks: Check[] = [];
  for (const [name, value] of scope?.slots ?? []) {
    const upper = name.toUpperCase();
    if (name === upper || !j.evaluation.defaults.has(upper) || j.evaluation.open) continue;
    if (/^(module|func|class|native|missing|choice|unknown)$/.test(value.t)) continue;
    // Used by another line, it is a name of the project's own.
    if (isReadAgain(j, name)) continue;
    const places = scope?.places?.get(name);
    checks.push({
      when: not(isSet(j, upper)),
      message: `${name} has no effect: Django reads ${upper}`,
      ...(places?.t === "place" ? { place: places } : {}),
    });
  }
  return checks;
}

/** Two plain assignments to a setting at the margin of one file, and nothing between them that reads it. */
function assignedTwice(j: Judge): Check[] {
  const checks: Check[] = [];
  for (const file of j.evaluation.files) {
    const last = new Map<string, number>();
    for (const statement of j.evaluation.parsed.get(file)?.body ?? []) {
      const target =
        statement.nodeType === "Assign" && statement.targets.length === 1 ? statement.targets[0] : undefined;
      const name = target?.nodeType === "Name" && /^[A-Z][A-Z0-9_]+$/.test(target.id) ? target.id : null;
      // Imports, calls and functions may read any name.
      if (/^(Import|ImportFrom|With|Expr|FunctionDef|ClassDef)$/.test(statement.nodeType)) last.clear();
      else
        for (const read of namesIn(name === null ? statement : (statement as { value?: unknown }).value))
          last.delete(read);
      if (name === null) continue;
      const before = last.get(name);
      if (before !== undefined)
        checks.push({
          when: TRUE,
          message: `${name} is given here again: what line ${before} says has no effect`,
          place: { t: "place", file, line: statement.lineno, column: statement.col_offset + 1 },
        });
      last.set(name, statement.lineno);
    }
  }
  return checks;
}
