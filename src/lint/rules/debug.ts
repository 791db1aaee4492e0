import { and } from "../../python/logic/decide.ts";
import { elements, hasApp, hasMiddleware, holds, isTruthy, setting, within } from "../judge.ts";
import type { Rule } from "../rule.ts";
import { rule } from "../simple.ts";

const DEVELOPMENT_APPS: Record<string, string> = {
  debug_toolbar: "django-debug-toolbar shows queries and settings to whoever it takes for a developer",
  silk: "Silk records requests with their content, and shows them",
  django_browser_reload: "django-browser-reload keeps connections open for every page",
};

/** Family D: DEBUG and what belongs to it. */
export const debugRules: Rule[] = [
  {
    id: "security.W018",
    level: "error",
    title: "DEBUG is on in production",
    why: "Error pages then show settings, code and local variables to everyone, and memory grows with every query.",
    fix: "Set DEBUG = False in the production settings, or read it with a cast and a default of False.",
    docs: "ref/settings/#debug",
    check: (j) => [
      { when: isTruthy(j, "DEBUG"), setting: "DEBUG", message: "DEBUG is on", hint: "set DEBUG = False" },
    ],
  },
  rule({
    id: "djdeploy.debug-text",
    level: "error",
    title: "DEBUG is a text",
    why: "Every text but the empty one is true: 'False' and '0' turn DEBUG on.",
    fix: 'Compare or cast the text: DEBUG = os.environ.get("DEBUG", "").lower() in ("1", "true").',
    docs: "ref/settings/#debug",
    partOf: "security.W018",
    sharper: true,
    setting: "DEBUG",
    message: "DEBUG is on: it is a text, and nobody turns that into a flag",
    hint: 'cast it: os.environ.get("DEBUG", "").lower() in ("1", "true", "yes")',
    when: (j) => holds(j, setting(j, "DEBUG"), (o) => o.t === "str" && o.v !== "", "is text"),
  }),
  {
    id: "djdeploy.development-app",
    level: "warning",
    title: "A development tool is installed in production",
    why: "Such tools cost time on every request and can show code, queries and settings.",
    fix: "Add it to INSTALLED_APPS and MIDDLEWARE under `if DEBUG` only.",
    check: (j) =>
      Object.entries(DEVELOPMENT_APPS).map(([app, harm]) => ({
        when: hasApp(j, app),
        setting: "INSTALLED_APPS",
        message: `${app} is in INSTALLED_APPS: ${harm}`,
      })),
  },
  rule({
    id: "djdeploy.debug-toolbar-middleware",
    level: "warning",
    setting: "MIDDLEWARE",
    title: "The debug toolbar's middleware is active",
    why: "It works on every request and can show queries and settings.",
    fix: "Add it to MIDDLEWARE under `if DEBUG` only.",
    partOf: "djdeploy.development-app",
    docs: "https://django-debug-toolbar.readthedocs.io/",
    when: (j) => hasMiddleware(j, "debug_toolbar.middleware.DebugToolbarMiddleware"),
  }),
  {
    id: "djdeploy.template-debug",
    level: "warning",
    title: "Template debugging is on",
    why: "Templates are slower and errors in them show their source.",
    fix: 'Remove "debug" from the OPTIONS of TEMPLATES; it follows DEBUG.',
    docs: "topics/templates/",
    check: (j) =>
      elements(j, setting(j, "TEMPLATES")).map(({ item, when }) => ({
        when: and(
          when,
          holds(
            j,
            within(j, item, "OPTIONS", "debug"),
            (o) => o.t !== "missing" && o.t === "bool" && o.v,
            "is on",
          ),
        ),
        setting: "TEMPLATES",
        message: "TEMPLATES sets the option debug to True",
      })),
  },
];
