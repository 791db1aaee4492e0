import { describe, expect, test } from "vitest";
import { explainValue } from "../../../src/lint/value/explain.ts";
import { renderValue } from "../../../src/lint/value/render.ts";
import { djangoDefaults } from "../../../src/python/outside/django-defaults.ts";
import { STRONG, TRIED_HOST } from "../../../src/python/outside/variables.ts";
import { recordTree } from "../../../src/python/source/tree.ts";
import { lintText, SOUND, verdict } from "./judge-of.ts";

/** What the evaluator and its models of libraries make up for variables of which nothing is known, in any part. */
const MADE_UP = new RegExp(
  [STRONG, "uT4nQx8BkZ2", TRIED_HOST, "site.example.org", "31536000", "63072000"]
    .concat(["(db|mail|redis).example.com", "user:", "//localhost", "127.0.0.1:11211", "6379"])
    .join("|"),
);

function shown(settings: string, name: string): string {
  const input = {
    files: recordTree({ "mysite/__init__.py": "", "mysite/settings.py": settings }),
    settingsModule: "mysite.settings",
    djangoVersion: "5.2",
    ignore: {},
  };
  const explained = explainValue(input, name);
  return `${JSON.stringify(explained.value)}\n${renderValue(explained)}`;
}

const said = (settings: string): string => {
  const { findings, settings: values } = lintText(settings, { djangoVersion: "5.2" });
  return [...findings.map((f) => `${f.id}: ${f.message}`), JSON.stringify(values, null, 1)].join("\n");
};

/** Settings in order that hold none of these texts themselves. */
const OWN = SOUND.replace("www.example.com", "own.example.net")
  .replaceAll("31536000", "33333333")
  .replace("mail.example.com", "own");

const databases: [string, string][] = [
  ["import dj_database_url", "dj_database_url.parse(os.environ['URL'])"],
  ["import dj_database_url", "dj_database_url.config('URL')"],
  ["import dj_database_url", "dj_database_url.config('URL', conn_max_age=600)"],
  ["import environ\nenv = environ.Env()", "env.db('URL')"],
  ["import environ\nenv = environ.Env()", "env.db_url_config(env('URL'))"],
  ["from environs import Env\nenv = Env()", "env.dj_db_url('URL')"],
  [
    "from urllib.parse import urlparse\nu = urlparse(os.environ['URL'])\nassert len(u.geturl()) > 30",
    "{'ENGINE': 'django.db.backends.postgresql', 'NAME': u.path[1:], 'PASSWORD': u.geturl()}",
  ],
  ["P = os.environ['URL']\nassert len(P) > 40", "{'ENGINE': 'django.db.backends.postgresql', 'PASSWORD': P}"],
];

describe("a text that stands for any value", () => {
  test.each(databases)("%s: %s is no literal of the repository", (imports, made) => {
    const text = `import os\n${OWN}\n${imports}\nDATABASES = {'default': ${made}}`;
    const result = lintText(text);
    expect(verdict(result, "djdeploy.database-password-literal")).toMatch(/pass|unknown/);
    expect(
      result.findings.filter((f) => /^djdeploy\.database/.test(f.id) && f.certainty === "certain"),
    ).toEqual([]);
    expect(`${said(text)}\n${shown(text, "DATABASES")}`).not.toMatch(MADE_UP);
  });

  test("that is required to be long is no key of the repository", () => {
    const text = `${SOUND}\nimport os\nSECRET_KEY = os.environ['K']\nif len(SECRET_KEY) < 50: raise ValueError(SECRET_KEY)`;
    const result = lintText(text);
    expect(verdict(result, "djdeploy.secret-key-published")).toBe("pass");
    expect(result.settings.SECRET_KEY?.value).toBe("from the environment");
    expect(JSON.stringify(result)).not.toContain(STRONG);
  });

  test("is told in no finding, of no setting", () => {
    const forms = [
      (i: number) => `os.environ['V${i}']`,
      (i: number) => `os.environ['V${i}'].split(',')`,
      (i: number) => `[os.environ['V${i}'], ('a', os.environ['V${i}'])]`,
      (i: number) => `{'default': {n: os.environ['V${i}'] for n in KEYS}, os.environ['V${i}']: {}}`,
      (i: number) => `json.loads(os.environ['V${i}'])`,
      (i: number) => `int(os.environ['V${i}'])`,
      (i: number) => `os.environ['V${i}'] + '/' + os.environ['W${i}']`,
    ];
    const keys =
      "KEYS = ['ENGINE', 'NAME', 'HOST', 'PASSWORD', 'BACKEND', 'LOCATION', 'OPTIONS', 'handlers', 'class']";
    const names = [...djangoDefaults("5.2").keys()].filter((n) => /^[A-Z][A-Z_]+$/.test(n));
    for (const form of forms)
      for (let from = 0; from < names.length; from += 40) {
        const lines = names.slice(from, from + 40).map((name, i) => `${name} = ${form(i)}`);
        const text = said(`import os, json\n${OWN}\n${keys}\n${lines.join("\n")}`);
        expect(text.split("\n").filter((line) => MADE_UP.test(line))).toEqual([]);
      }
  });

  test.each(["DEBUG = os.environ['D'] == '1'", "DEBUG = os.environ['D']"])(
    "%s is what the variable says",
    (line) => {
      expect(shown(`import os\n${line}`, "DEBUG")).toContain("DEBUG is what D says, which has to be set");
    },
  );
});
