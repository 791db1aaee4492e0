import { describe, expect, test } from "vitest";
import { allRules, explain } from "../../../src/lint/index.ts";
import { lintText, SOUND, verdict } from "./judge-of.ts";

type Options = Parameters<typeof lintText>[1];

/** For each rule: settings that raise it for certain, settings like them that do not, and what else it needs. */
const cases: [string, string, string, Options?][] = [
  [
    "djdeploy.development-app",
    `INSTALLED_APPS += ["debug_toolbar"]`,
    `if DEBUG:\n    INSTALLED_APPS += ["debug_toolbar"]`,
  ],
  [
    "djdeploy.debug-toolbar-middleware",
    `MIDDLEWARE += ["debug_toolbar.middleware.DebugToolbarMiddleware"]`,
    "MIDDLEWARE += []",
  ],
  [
    "djdeploy.template-debug",
    `TEMPLATES = [{"OPTIONS": {"debug": True}}]`,
    `TEMPLATES = [{"OPTIONS": {"debug": DEBUG}}]`,
  ],
  [
    "security.W025",
    `SECRET_KEY_FALLBACKS = ["short"]`,
    `SECRET_KEY_FALLBACKS = ["${"abcdefghij".repeat(6)}"]`,
  ],
  ["djdeploy.allowed-hosts-wildcard", `ALLOWED_HOSTS = ["*"]`, `ALLOWED_HOSTS = [".example.com"]`],
  [
    "djdeploy.allowed-hosts-local",
    `ALLOWED_HOSTS = ["localhost", "127.0.0.1"]`,
    `ALLOWED_HOSTS = ["localhost", "example.com"]`,
  ],
  ["djdeploy.allowed-hosts-type", `ALLOWED_HOSTS = "example.com"`, `ALLOWED_HOSTS = ("example.com",)`],
  [
    "djdeploy.allowed-hosts-miss-domain",
    `ALLOWED_HOSTS = ["example.com"]`,
    `ALLOWED_HOSTS = [".example.com"]`,
    { deployment: { domains: ["www.example.com"], tls: true } },
  ],
  ["security.W001", "MIDDLEWARE = MIDDLEWARE[1:]", "MIDDLEWARE = MIDDLEWARE[:]"],
  ["security.W002", "MIDDLEWARE = MIDDLEWARE[:-1]", "MIDDLEWARE = list(MIDDLEWARE)"],
  [
    "security.W003",
    "MIDDLEWARE.remove('django.middleware.csrf.CsrfViewMiddleware')",
    "MIDDLEWARE = tuple(MIDDLEWARE)",
  ],
  ["security.W004", "SECURE_HSTS_SECONDS = 0", "SECURE_HSTS_SECONDS = 60"],
  ["security.W005", "SECURE_HSTS_INCLUDE_SUBDOMAINS = 1", "SECURE_HSTS_INCLUDE_SUBDOMAINS = not DEBUG"],
  ["security.W006", "SECURE_CONTENT_TYPE_NOSNIFF = False", "SECURE_CONTENT_TYPE_NOSNIFF = True"],
  ["security.W008", "SECURE_SSL_REDIRECT = 'True'", "SECURE_SSL_REDIRECT = True"],
  ["security.W010", "SESSION_COOKIE_SECURE = False\nMIDDLEWARE.pop(1)", "SESSION_COOKIE_SECURE = False"],
  ["security.W012", "SESSION_COOKIE_SECURE = False", "SESSION_COOKIE_SECURE = True"],
  ["security.W015", "SESSION_COOKIE_HTTPONLY = False", "SESSION_COOKIE_HTTPONLY = True"],
  ["security.W016", "CSRF_COOKIE_SECURE = False", "CSRF_COOKIE_SECURE = False\nCSRF_USE_SESSIONS = True"],
  ["security.W019", "X_FRAME_OPTIONS = 'SAMEORIGIN'", "X_FRAME_OPTIONS = 'DENY'"],
  ["security.W021", "SECURE_HSTS_PRELOAD = False", "SECURE_HSTS_PRELOAD = True"],
  ["security.W022", "SECURE_REFERRER_POLICY = None", "SECURE_REFERRER_POLICY = 'origin'"],
  ["security.E023", "SECURE_REFERRER_POLICY = 'never'", "SECURE_REFERRER_POLICY = 'origin, same-origin'"],
  ["security.E024", "SECURE_CROSS_ORIGIN_OPENER_POLICY = 'none'", "SECURE_CROSS_ORIGIN_OPENER_POLICY = None"],
  ["djdeploy.security-middleware-late", "MIDDLEWARE.insert(0, 'a.B')", "MIDDLEWARE.insert(1, 'a.B')"],
  ["djdeploy.hsts-preload-short", "SECURE_HSTS_SECONDS = 3600", "SECURE_HSTS_SECONDS = 31536000"],
  [
    "djdeploy.redirect-loop",
    "SECURE_PROXY_SSL_HEADER = None",
    "SECURE_PROXY_SSL_HEADER = ('HTTP_X_FORWARDED_PROTO', 'https')",
    { deployment: { domains: [], tls: true } },
  ],
  [
    "djdeploy.proxy-header",
    "SECURE_PROXY_SSL_HEADER = ('X-Forwarded-Proto', 'https')",
    "SECURE_PROXY_SSL_HEADER = ('HTTP_X_FORWARDED_PROTO', 'https')",
  ],
  ["djdeploy.session-cookie-secure-text", "SESSION_COOKIE_SECURE = 'False'", "SESSION_COOKIE_SECURE = ''"],
  [
    "djdeploy.redirect-exempt-slash",
    "SECURE_REDIRECT_EXEMPT = ['/health']",
    "SECURE_REDIRECT_EXEMPT = ['^health$']",
  ],
  ["djdeploy.forwarded-host", "USE_X_FORWARDED_HOST = True", "USE_X_FORWARDED_HOST = False"],
  ["4_0.E001", "CSRF_TRUSTED_ORIGINS = ['example.com']", "CSRF_TRUSTED_ORIGINS = ['https://example.com']"],
  [
    "djdeploy.samesite-none",
    "SESSION_COOKIE_SAMESITE = 'None'\nSESSION_COOKIE_SECURE = False",
    "SESSION_COOKIE_SAMESITE = 'None'",
  ],
  [
    "djdeploy.session-pickle",
    "SESSION_SERIALIZER = 'django.contrib.sessions.serializers.PickleSerializer'",
    "SESSION_SERIALIZER = 'a.JSONSerializer'",
  ],
  [
    "djdeploy.cookie-prefix",
    "SESSION_COOKIE_NAME = '__Host-id'\nSESSION_COOKIE_SECURE = False",
    "SESSION_COOKIE_NAME = '__Host-id'",
  ],
  [
    "djdeploy.cors-all-origins",
    "INSTALLED_APPS += ['corsheaders']\nCORS_ALLOW_ALL_ORIGINS = True",
    "INSTALLED_APPS += ['corsheaders']\nCORS_ALLOW_ALL_ORIGINS = DEBUG",
  ],
  [
    "djdeploy.password-validators",
    "INSTALLED_APPS += ['django.contrib.auth']",
    "INSTALLED_APPS += ['django.contrib.auth']\nAUTH_PASSWORD_VALIDATORS = [{'NAME': 'x'}]",
  ],
  [
    "djdeploy.password-hasher",
    "PASSWORD_HASHERS = ['django.contrib.auth.hashers.MD5PasswordHasher']",
    "PASSWORD_HASHERS = ['django.contrib.auth.hashers.Argon2PasswordHasher', 'django.contrib.auth.hashers.MD5PasswordHasher']",
  ],
  ["security.E026", "SECURE_CSP = 'default-src'", "SECURE_CSP = {}", { djangoVersion: "6.0" }],
  [
    "djdeploy.static-root-unset",
    "INSTALLED_APPS += ['django.contrib.staticfiles']",
    "INSTALLED_APPS += ['django.contrib.staticfiles']\nSTATIC_ROOT = '/x'",
  ],
  ["urls.E006", "STATIC_URL = '/static'", "STATIC_URL = 'static/'"],
  ["urls.E006", "MEDIA_URL = '/media'", "MEDIA_URL = '/media/'"],
  [
    "djdeploy.storage-setting-ignored",
    "STATICFILES_STORAGE = 'x'",
    "STORAGES = {'default': {}, 'staticfiles': {}}",
  ],
  [
    "djdeploy.storage-settings-clash",
    "STORAGES = {}\nSTATICFILES_STORAGE = 'x'",
    "STATICFILES_STORAGE = 'x'",
    { djangoVersion: "4.2" },
  ],
  [
    "staticfiles.E005",
    "INSTALLED_APPS += ['django.contrib.staticfiles']\nSTORAGES = {'default': {}}",
    "INSTALLED_APPS += ['django.contrib.staticfiles']\nSTORAGES = {'staticfiles': {}}",
  ],
  ["djdeploy.storages-default", "STORAGES = {'staticfiles': {}}", "STORAGES = {'default': {}}"],
  [
    "djdeploy.whitenoise-not-used",
    "INSTALLED_APPS += ['whitenoise.runserver_nostatic']",
    "INSTALLED_APPS += ['whitenoise.runserver_nostatic']\nMIDDLEWARE.insert(1, 'whitenoise.middleware.WhiteNoiseMiddleware')",
  ],
  ["djdeploy.whitenoise-use-finders", "WHITENOISE_USE_FINDERS = True", "WHITENOISE_USE_FINDERS = DEBUG"],
  ["djdeploy.whitenoise-autorefresh", "WHITENOISE_AUTOREFRESH = True", "WHITENOISE_AUTOREFRESH = False"],
  ["djdeploy.media-is-static", "STATIC_ROOT = MEDIA_ROOT = '/x'", "STATIC_ROOT = '/x'\nMEDIA_ROOT = '/y'"],
  [
    "staticfiles.E002",
    "from pathlib import Path\nSTATIC_ROOT = Path('/x/static')\nSTATICFILES_DIRS = ['/x/static']",
    "STATIC_ROOT = '/x/static'\nSTATICFILES_DIRS = ['/x/assets']",
  ],
  ["djdeploy.database-missing", "DATABASES = {'default': {}}", "DATABASES = {'default': {'ENGINE': 'x'}}"],
  [
    "djdeploy.database-sqlite",
    "DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': '/srv/db'}}",
    "DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql'}}",
  ],
  [
    "djdeploy.database-in-memory",
    "DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': ':memory:'}}",
    "DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': 'db'}}",
  ],
  [
    "djdeploy.database-in-tmp",
    "DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': '/tmp/db'}}",
    "DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': '/srv/tmp/db'}}",
  ],
  [
    "djdeploy.database-password-literal",
    "DATABASES = {'default': {'ENGINE': 'x', 'PASSWORD': 'hunter2'}}",
    "import os\nDATABASES = {'default': {'ENGINE': 'x', 'PASSWORD': os.environ['PW']}}",
  ],
  [
    "djdeploy.database-no-tls",
    "DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql', 'HOST': 'db.example.com'}}",
    "DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql', 'HOST': 'db.example.com', 'OPTIONS': {'sslmode': 'require'}}}",
  ],
  [
    "djdeploy.database-engine-removed",
    "DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql_psycopg2'}}",
    "DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql'}}",
  ],
  [
    "djdeploy.database-no-health-checks",
    "DATABASES = {'default': {'ENGINE': 'x', 'CONN_MAX_AGE': 60}}",
    "DATABASES = {'default': {'ENGINE': 'x', 'CONN_MAX_AGE': 0}}",
  ],
  ["caches.E001", "CACHES = {'other': {}}", "CACHES = {'default': {}}"],
  [
    "caches.W003",
    "CACHES = {'default': {'BACKEND': 'django.core.cache.backends.filebased.FileBasedCache', 'LOCATION': 'cache'}}",
    "CACHES = {'default': {'BACKEND': 'django.core.cache.backends.filebased.FileBasedCache', 'LOCATION': '/var/cache'}}",
  ],
  [
    "djdeploy.session-in-process-cache",
    "SESSION_ENGINE = 'django.contrib.sessions.backends.cache'",
    "SESSION_ENGINE = 'django.contrib.sessions.backends.cached_db'",
  ],
  [
    "djdeploy.mail-backend",
    "EMAIL_BACKEND = 'django.core.mail.backends.console.EmailBackend'",
    "EMAIL_BACKEND = 'anymail.backends.mailgun.EmailBackend'",
  ],
  ["djdeploy.mail-password-literal", "EMAIL_HOST_PASSWORD = 'hunter2'", "EMAIL_HOST_PASSWORD = ''"],
  [
    "djdeploy.mail-no-tls",
    "EMAIL_HOST = 'mail.example.com'\nEMAIL_HOST_PASSWORD = 'x'",
    "EMAIL_HOST = 'mail.example.com'\nEMAIL_HOST_PASSWORD = 'x'\nEMAIL_USE_TLS = True",
  ],
  [
    "djdeploy.logging-disables-loggers",
    "LOGGING = {'version': 1}",
    "LOGGING = {'version': 1, 'disable_existing_loggers': False}",
  ],
  [
    "djdeploy.logging-unknown-handler",
    "LOGGING = {'handlers': {'a': {}}, 'root': {'handlers': ['b']}}",
    "LOGGING = {'handlers': {'a': {}}, 'root': {'handlers': ['a']}}",
  ],
  ["djdeploy.error-reports-nowhere", "ADMINS = []", "ADMINS = [('a', 'a@example.com')]"],
  [
    "djdeploy.raven",
    "INSTALLED_APPS += ['raven.contrib.django.raven_compat']",
    "INSTALLED_APPS += ['ravens']",
  ],
  ["djdeploy.token-in-settings", `X = "AKIA${"A".repeat(16)}"`, `X = "AKIAexample"`],
  ["djdeploy.secret-literal", "STRIPE_SECRET = 'k2jh34kjh2k3j4h'", "STRIPE_SECRET = 'changeme'"],
  ["djdeploy.env-file-tracked", "", "", { tree: { ".env": "SECRET_KEY=abcdef\n" } }],
  ["djdeploy.database-tracked", "", "", { tree: { "db.sqlite3": "" } }],
  ["djdeploy.script-line-endings", "", "", { tree: { "run.sh": "#!/bin/sh\r\necho\r\n" } }],
  ["djdeploy.setting-removed", "USE_L10N = True", "USE_TZ = True"],
  ["djdeploy.django-unsupported", "", "", { djangoVersion: "3.2", today: "2026-01-01" }],
  ["models.W042", "del DEFAULT_AUTO_FIELD", "DEFAULT_AUTO_FIELD = 'django.db.models.AutoField'"],
  ["djdeploy.app-twice", "INSTALLED_APPS += INSTALLED_APPS", "INSTALLED_APPS += ['a']"],
  [
    "djdeploy.deploy-check-silenced",
    "SILENCED_SYSTEM_CHECKS = ['security.W004']",
    "SILENCED_SYSTEM_CHECKS = ['fields.W342']",
  ],
  ["djdeploy.setting-misspelt", "ALOWED_HOSTS = []", "HOSTS_ALLOWED = []"],
  ["djdeploy.unused-ignore", "", "", { ignore: { "security.W777": "never" } }],
  ["djdeploy.settings-not-found", "", "", { settingsModule: "mysite.production" }],
  ["djdeploy.settings-syntax", "X = (1,\nY = 2", "X = 1"],
];

describe("every rule holds where it should, and not beside it", () => {
  test.each(cases)("%s", (id, raising, near, options = {}) => {
    expect(verdict(lintText(`${SOUND}\n${raising}`, options), id)).toBe("certain");
    // What needs files, a version or a configuration is not there without them.
    const calm = near === "" ? {} : options;
    expect(verdict(lintText(`${SOUND}\n${near || "DEFAULT_AUTO_FIELD = 'x'"}`, calm), id)).toBe("pass");
  });
});

test("every id is explained, once", () => {
  const ids = allRules().map((r) => r.id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { id, why, fix, title } of allRules()) {
    expect(explain(id)?.title, id).toBe(title);
    expect(why.length * fix.length, id).toBeGreaterThan(0);
  }
});

test("a misspelt secret is not shown", () => {
  const text = JSON.stringify(lintText(`${SOUND}\nSTRIPE_SECRET = 'k2jh34kjh2k3j4h'`));
  expect(text).not.toContain("k2jh34kjh2k3j4h");
});
