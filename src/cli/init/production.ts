import type { LintResult } from "../../lint/types.ts";

/** What the settings of a fresh project lack for production, as a module of its own beside them. */
export interface Production {
  /** Dotted name; one that is found without a word in djdeploy.yml. */
  module: string;
  text: string;
  /** Environment variables that it reads and that have no default. */
  variables: string[];
}

interface Line {
  /** The findings that it mends. */
  ids: string[];
  lines: string[];
  variable?: string;
  imports?: string;
}

const needed: Line[] = [
  { ids: ["security.W018"], lines: ["DEBUG = False"] },
  {
    ids: ["security.W009", "djdeploy.secret-key-published"],
    lines: ['SECRET_KEY = os.environ["SECRET_KEY"]'],
    variable: "SECRET_KEY",
    imports: "import os",
  },
  {
    ids: ["security.W020"],
    lines: ['ALLOWED_HOSTS = os.environ["ALLOWED_HOSTS"].split(",")'],
    variable: "ALLOWED_HOSTS",
    imports: "import os",
  },
];

/** Without TLS these would lock everybody out: a secure cookie is not sent over http. */
const overTls: Line[] = [
  {
    ids: ["security.W008"],
    lines: [
      "# TLS ends at nginx or before it, which says so in this header.",
      'SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")',
      "SECURE_SSL_REDIRECT = True",
    ],
  },
  { ids: ["security.W012"], lines: ["SESSION_COOKIE_SECURE = True"] },
  { ids: ["security.W016"], lines: ["CSRF_COOKIE_SECURE = True"] },
  {
    ids: ["security.W004"],
    lines: [
      "# Raise it once every page was seen over TLS; browsers remember it.",
      "SECURE_HSTS_SECONDS = 3600",
    ],
  },
];

/**
 * The module that a fresh project's production lacks, from what the lint finds for certain; null when the settings are
 * ready for production as they are, or are no longer those of `startproject` alone. Pure.
 */
export function productionSettings(
  { settingsModule, findings, settings }: LintResult,
  { https, django }: { https: boolean; django: string | null },
): Production | null {
  if (!/(?:^|\.)settings$/.test(settingsModule)) return null;
  const certain = findings.filter(({ certainty }) => certainty === "certain");
  const ids = new Set(certain.flatMap(({ id, also }) => [id, ...also]));
  const found = (line: Line) => line.ids.some((id) => ids.has(id));
  if (!needed.some(found)) return null;
  const statics: Line[] = [
    { ids: ["djdeploy.static-root-unset"], ...staticFiles(settingsModule, django, settings) },
  ];
  const chosen = [...needed, ...statics, ...(https ? overTls : [])].filter(found);
  // import … before from … import, as isort has it.
  const imports = [...new Set(chosen.flatMap((line) => line.imports ?? []))].sort().reverse();
  return {
    module: `${settingsModule}_production`,
    text: [
      '"""Settings for production: what differs from development."""',
      "",
      ...imports,
      ...(imports.length > 0 ? [""] : []),
      `from ${settingsModule} import *  # noqa: F403`,
      "",
      ...chosen.flatMap(({ lines }) => lines),
      "",
    ].join("\n"),
    variables: chosen.flatMap(({ variable }) => variable ?? []),
  };
}

/** Names with a hash of the content, so that browsers may keep files for ever; the key of Django before 4.2 is another. */
function staticFiles(module: string, django: string | null, settings: LintResult["settings"]) {
  const depth = module.split(".").length - 1;
  const storage = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage";
  const old = django !== null && /^(?:[0-3]\.|4\.[01](?:\.|$))/.test(django);
  const own = ["STORAGES", "STATICFILES_STORAGE"].some((name) => settings[name]?.file);
  const names = old
    ? [`STATICFILES_STORAGE = "${storage}"`]
    : [
        "STORAGES = {",
        '    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},',
        `    "staticfiles": {"BACKEND": "${storage}"},`,
        "}",
      ];
  return {
    lines: [
      `STATIC_ROOT = Path(__file__).resolve().parents[${depth}] / "staticfiles"`,
      ...(own ? [] : ["# Names with a hash of their content; nginx lets browsers keep them.", ...names]),
    ],
    imports: "from pathlib import Path",
  };
}
