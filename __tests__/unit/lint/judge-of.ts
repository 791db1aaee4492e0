import { type Finding, type LintInput, type LintResult, lint } from "../../../src/lint/index.ts";
import { recordTree } from "../../../src/python/source/tree.ts";

/** Settings that pass everything but what the test adds to them. */
export const SOUND = `LOGGING = {"version": 1, "disable_existing_loggers": False, "handlers": {"console": {"class": "logging.StreamHandler"}}, "root": {"handlers": ["console"]}}
DEBUG = False
SECRET_KEY = __import__("os").environ["SECRET_KEY"]
ALLOWED_HOSTS = ["www.example.com"]
INSTALLED_APPS = ["django.contrib.sessions"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
SECURE_HSTS_SECONDS = 31536000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_SSL_REDIRECT = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql"}}
EMAIL_HOST, ADMINS = "mail.example.com", [("Ada", "ada@example.com")]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
`;

type Options = Partial<LintInput> & {
  files?: never;
  tree?: Record<string, string>;
  bytes?: Record<string, Uint8Array>;
};

/** Lints one settings module, `site/settings.py`, with other files beside it. */
export function lintText(settings: string, { tree = {}, bytes = {}, ...options }: Options = {}): LintResult {
  return lint({
    files: {
      ...recordTree({ "mysite/__init__.py": "", "mysite/settings.py": settings, ...tree }),
      bytes: (path) => bytes[path] ?? null,
    },
    settingsModule: "mysite.settings",
    djangoVersion: "5.2",
    ignore: {},
    ...options,
  });
}

/** `certain`, `depends`, `depends, fails unset`, `unknown` or `pass` for one id. */
export function verdict(result: LintResult, id: string): string {
  const found = result.findings.find((f) => f.id === id || f.also.includes(id));
  if (!found) return "pass";
  return found.whenUnset ? `${found.certainty}, fails unset` : found.certainty;
}

export const finding = (result: LintResult, id: string): Finding | undefined =>
  result.findings.find((f) => f.id === id);
