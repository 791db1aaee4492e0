import { z } from "zod";
import { auto, key, list, mapOf, oneOf, required, said, section, text } from "./fields.ts";
import { taken } from "./names.ts";
import * as v from "./values.ts";

/** Keys about the repository: what is shipped, installed, built, judged and tested. */

const requirements = auto(list(v.inside, "requirement files"));

const django = section(
  {
    settings: key(v.pythonName, null, "`DJANGO_SETTINGS_MODULE` in production.", {
      defaultText: "detected, with the evidence shown by `plan`",
      examples: ["tute.settings.prod"],
    }),
    application: key(v.application, null, "The WSGI or ASGI application.", {
      defaultText: "detected from `WSGI_APPLICATION` or `ASGI_APPLICATION`",
      examples: ["tute.wsgi:application"],
    }),
  },
  "What Django needs to start.",
);

const python = section(
  {
    version: key(
      v.pythonVersion,
      "auto",
      "Which Python the release needs. `auto` reads `.python-version`, `requires-python`, then Django's own floor.",
      { examples: [">=3.12"] },
    ),
    installer: key(
      oneOf("auto", "pip", "uv", "pipenv", "poetry", "pdm"),
      "auto",
      "What installs the requirements. `auto` looks at `uv.lock`, `poetry.lock`, `pdm.lock`, `Pipfile.lock`, `requirements*.txt`, `pyproject.toml`.",
      { examples: ["uv"] },
    ),
    requirements: key(
      requirements,
      "auto",
      "Requirement files of the release. `auto` takes the first of `requirements/production.txt`, `requirements/prod.txt`, `requirements.txt`.",
      { examples: [["requirements/production.txt"]] },
    ),
    groups: key(list(text("a group"), "dependency groups"), [], "Dependency groups of the release.", {
      examples: [["prod"]],
    }),
    extras: key(list(text("an extra"), "extras"), [], "Extras of the release.", { examples: [["postgres"]] }),
    env: key(
      list(taken, "names of environment variables"),
      [],
      "Names given to install steps only, for a private index; they are never in the release, in a key or in a log.",
      { examples: [["PIP_EXTRA_INDEX_URL"]] },
    ),
  },
  "Which Python and which packages the release gets.",
);

const build = section(
  {
    command: key(v.command, null, "A command that runs before anything is sent.", {
      examples: ["npm ci && npm run build"],
    }),
    artifact: key(
      v.inside,
      null,
      "A tar that an earlier job built, as `djdeploy build` makes it of `build.include`. A deploy takes it by the hash that job gave, and runs no `build.command`.",
      { examples: ["build.tar"] },
    ),
    directory: key(v.inside, ".", "Where the command runs.", { examples: ["frontend"] }),
    include: key(
      list(v.inside, "paths"),
      [],
      "Untracked paths to ship, hashed into the manifest. A missing or empty one is an error.",
      { examples: [["frontend/dist"]] },
    ),
  },
  "A build on the runner. It sees neither key nor secrets.",
);

const reason = text('the reason in words, such as "nginx redirects to HTTPS"', /\S/);

const lint = section(
  {
    "fail-level": key(
      oneOf("error", "warning", "info", "never"),
      "error",
      "The lowest level of a finding that stops a deploy.",
      { examples: ["warning"] },
    ),
    assume: key(
      mapOf(
        v.settingName,
        said("a value, or `keeps NAME` of a list", z.json()),
        "a map from a setting's name to its value",
      ),
      {},
      "Facts that the lint cannot see: the value of a setting, or `keeps NAME` for what a list of it holds. They are used where a value is not known, shown with what rests on them, and make no finding certain.",
      { examples: [{ MIDDLEWARE: "keeps django.middleware.security.SecurityMiddleware" }] },
    ),
    ignore: key(
      mapOf(v.checkId, reason, "a map from a finding's identifier to the reason for ignoring it"),
      {},
      "Findings that are accepted, each with its reason.",
      { examples: [{ "security.W008": "nginx redirects to HTTPS" }] },
    ),
  },
  "How the production settings are judged.",
);

const test = section(
  {
    command: key(
      said(
        "auto, a command or false",
        z.union([v.command, z.literal(false)], { error: "auto, a command or false" }),
      ),
      "auto",
      "What runs the tests. `auto` is pytest where it is configured, else `manage.py test`; `false` runs none.",
      { examples: ["pytest -q", false] },
    ),
    requirements: key(
      requirements,
      "auto",
      "What the tests need besides the release's own requirements. `auto` takes the development requirement files.",
      { examples: [["requirements/test.txt"]] },
    ),
    groups: key(
      list(text("a group"), "dependency groups"),
      ["dev", "test"],
      "Dependency groups of the tests, where they exist.",
    ),
    settings: key(
      v.pythonName,
      null,
      "`DJANGO_SETTINGS_MODULE` for the tests; by default djdeploy sets none.",
      { examples: ["tute.settings.test"] },
    ),
    env: key(
      mapOf(v.variable, v.value, "a map of names to text"),
      {},
      "Variables of the tests. They never see secrets.",
      {
        examples: [{ DJANGO_DEBUG: "1" }],
      },
    ),
  },
  "The project's own tests, run on the runner before a deploy.",
);

export const projectKeys = {
  app: required(
    text(
      "a name of small letters, digits and dashes such as counter, at most 31 long",
      /^[a-z][a-z0-9-]{0,30}$/,
    ),
    "Names units, folders, sockets and the host's user. Override it where staging and production share a host.",
    ["counter"],
  ),
  root: key(v.inside, null, "Folder with `manage.py`. The whole repository is shipped all the same.", {
    defaultText: "detected",
    examples: ["backend"],
  }),
  exclude: key(list(v.pattern, "gitignore patterns"), [], "Tracked files that are not shipped.", {
    examples: [["docs/", "*.psd"]],
  }),
  django,
  python,
  build,
  lint,
  test,
};
