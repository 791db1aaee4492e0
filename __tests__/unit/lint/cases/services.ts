import type { RuleCase } from "./case.ts";

const fileLog = (file: string, handler = "logging.FileHandler"): string =>
  `LOGGING["handlers"]["f"] = {"class": "${handler}", "filename": "${file}"}`;

/** Families S, M, B, P, L, A, F: what the site uses. */
export const serviceCases: RuleCase[] = [
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
    "djdeploy.database-engine-renamed",
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
  ["djdeploy.setting-removed", "USE_L10N = True", "USE_TZ = True"],
  ["models.W042", "del DEFAULT_AUTO_FIELD", "DEFAULT_AUTO_FIELD = 'django.db.models.AutoField'"],
  ["djdeploy.app-twice", "INSTALLED_APPS += INSTALLED_APPS", "INSTALLED_APPS += ['a']"],
  [
    "djdeploy.deploy-check-silenced",
    "SILENCED_SYSTEM_CHECKS = ['security.W004']",
    "SILENCED_SYSTEM_CHECKS = ['fields.W342']",
  ],
  ["djdeploy.setting-misspelt", "ALOWED_HOSTS = []", "HOSTS_ALLOWED = []"],
  ["djdeploy.settings-syntax", "X = (1,\nY = 2", "X = 1"],
  ["djdeploy.logging-unset", "LOGGING = {}", "LOGGING = {}\nimport sentry_sdk\nsentry_sdk.init(dsn='')"],
  ["djdeploy.log-file-relative", fileLog("site.log"), fileLog("/var/log/site.log")],
  [
    "djdeploy.log-file-in-release",
    `from pathlib import Path\n${fileLog("x")}\nLOGGING["handlers"]["f"]["filename"] = Path(__file__).parent / "logs" / "a.log"`,
    fileLog("/var/log/site.log"),
  ],
  [
    "djdeploy.log-file-rotation",
    fileLog("/var/log/site.log", "logging.handlers.RotatingFileHandler"),
    fileLog("/var/log/site.log", "logging.handlers.WatchedFileHandler"),
  ],
  [
    "djdeploy.logging-debug-level",
    "LOGGING['loggers'] = {'django.db.backends': {'level': 'DEBUG'}}",
    "LOGGING['loggers'] = {'mysite': {'level': 'DEBUG'}}",
  ],
  [
    "djdeploy.mail-admins-nobody",
    "ADMINS = []\nLOGGING['handlers']['m'] = {'class': 'django.utils.log.AdminEmailHandler'}\nLOGGING['root']['handlers'].append('m')",
    "ADMINS = []\nLOGGING['handlers']['m'] = {'class': 'django.utils.log.AdminEmailHandler'}",
  ],
  [
    "djdeploy.logging-config-none",
    "LOGGING_CONFIG = None",
    "LOGGING_CONFIG = None\nimport logging.config\nlogging.config.dictConfig(LOGGING)",
  ],
  [
    "djdeploy.logging-no-console",
    "LOGGING['handlers'] = {'console': {'class': 'logging.FileHandler', 'filename': '/var/log/a'}}",
    "LOGGING['handlers']['f'] = {'class': 'logging.FileHandler', 'filename': '/var/log/a'}",
  ],
  [
    "djdeploy.sentry-environment",
    "import sentry_sdk\nsentry_sdk.init(dsn='')",
    "import sentry_sdk\nsentry_sdk.init(dsn='', environment='production')",
  ],
  [
    "djdeploy.sentry-dsn-literal",
    "import sentry_sdk\nsentry_sdk.init(dsn='https://abc@sentry.io/1')",
    "import os, sentry_sdk\nsentry_sdk.init(dsn=os.environ.get('DSN'))",
  ],
  [
    "djdeploy.sentry-personal-data",
    "import sentry_sdk\nsentry_sdk.init(send_default_pii=True)",
    "import sentry_sdk\nsentry_sdk.init(send_default_pii=DEBUG)",
  ],
  [
    "djdeploy.sentry-traces-everything",
    "import sentry_sdk\nsentry_sdk.init(traces_sample_rate=1.0)",
    "import sentry_sdk\nsentry_sdk.init(traces_sample_rate=0.1)",
  ],
  [
    "mail.E001",
    "MAILERS = {'default': {'BACKEND': 'django.core.mail.backends.console.EmailBackend'}}\ndel EMAIL_HOST",
    "MAILERS = {'default': {'BACKEND': 'anymail.backends.mailgun.EmailBackend'}}\ndel EMAIL_HOST",
    { djangoVersion: "6.1" },
  ],
  ["mail.W001", "MAILERS = {'bulk': {}}", "MAILERS = {'default': {}}", { djangoVersion: "6.1" }],
  [
    "djdeploy.mail-settings-clash",
    "MAILERS = {'default': {}}",
    "MAILERS = {'default': {}}\ndel EMAIL_HOST",
    { djangoVersion: "6.1" },
  ],
  [
    "djdeploy.mail-local-host",
    "EMAIL_HOST = 'localhost'",
    "EMAIL_HOST = 'localhost'\nEMAIL_BACKEND = 'anymail.x'",
  ],
];
