import type { RuleCase } from "./case.ts";

const STATIC =
  "from pathlib import Path\nBASE_DIR = Path(__file__).parent.parent\nINSTALLED_APPS += ['django.contrib.staticfiles']\n";
const S3 = "STORAGES = {'default': {'BACKEND': 'storages.backends.s3.S3Storage'}, 'staticfiles': {}}\n";
const database = (options: string, engine = "postgresql"): string =>
  `DATABASES = {'default': {'ENGINE': 'django.db.backends.${engine}', ${options}}}`;
const fileCache = (location: string): string =>
  `CACHES = {'default': {'BACKEND': 'django.core.cache.backends.filebased.FileBasedCache', 'LOCATION': '${location}'}}`;

/** Families S, M, B, P: where things are kept. */
export const storageCases: RuleCase[] = [
  [
    "djdeploy.static-root-relative",
    `${STATIC}STATIC_ROOT = 'static'`,
    `${STATIC}STATIC_ROOT = BASE_DIR / 'static'`,
  ],
  [
    "djdeploy.static-collected-tracked",
    `${STATIC}STATIC_ROOT = BASE_DIR / 'collected'`,
    `${STATIC}STATIC_ROOT = BASE_DIR / 'public'\nSTATICFILES_DIRS = [BASE_DIR / 'collected']`,
    { tree: { "collected/admin/css/base.css": "" } },
  ],
  ["staticfiles.E001", `${STATIC}STATICFILES_DIRS = '/x'`, `${STATIC}STATICFILES_DIRS = ('/x',)`],
  [
    "staticfiles.W004",
    `${STATIC}STATICFILES_DIRS = [BASE_DIR / 'assets']`,
    `${STATIC}STATICFILES_DIRS = [BASE_DIR / 'mysite' / 'static']`,
    { tree: { "mysite/static/site.css": "" } },
  ],
  [
    "djdeploy.static-not-hashed",
    `${STATIC}STATIC_URL = 'https://cdn.example.com/'`,
    `${STATIC}STATIC_URL = 'https://cdn.example.com/'\nSTORAGES = {'default': {}, 'staticfiles': {'BACKEND': 'whitenoise.storage.CompressedManifestStaticFilesStorage'}}`,
  ],
  [
    "djdeploy.media-is-static",
    "STATIC_ROOT = '/x'\nMEDIA_ROOT = '/x/media'",
    "STATIC_ROOT = '/x/static'\nMEDIA_ROOT = '/x/static-media'",
  ],
  [
    "djdeploy.media-on-one-host",
    "MEDIA_ROOT = '/srv/media'",
    `MEDIA_ROOT = '/srv/media'\n${S3}`,
    { deployment: { domains: [], tls: true, hosts: 2 } },
  ],
  ["djdeploy.media-public-acl", `${S3}AWS_DEFAULT_ACL = 'public-read'`, `${S3}AWS_DEFAULT_ACL = 'private'`],
  ["djdeploy.media-overwritten", S3, `${S3}AWS_S3_FILE_OVERWRITE = False`],
  [
    "djdeploy.storage-key-literal",
    "AWS_SECRET_ACCESS_KEY = 'abcdefghijklmnopqrst'",
    "import os\nAWS_SECRET_ACCESS_KEY = os.environ['A']",
  ],
  [
    "djdeploy.storage-key-literal",
    "STORAGES = {'default': {'BACKEND': 'x', 'OPTIONS': {'secret_key': 'abcdefghijklmnopqrst'}}, 'staticfiles': {}}",
    "STORAGES = {'default': {'BACKEND': 'x', 'OPTIONS': {'bucket_name': 'abcdefghijklmnopqrst'}}, 'staticfiles': {}}",
  ],
  [
    "djdeploy.storage-backend-removed",
    "STORAGES = {'default': {'BACKEND': 'storages.backends.s3boto.S3BotoStorage'}, 'staticfiles': {}}",
    "STORAGES = {'default': {'BACKEND': 'storages.backends.s3boto3.S3Boto3Storage'}, 'staticfiles': {}}",
  ],
  [
    "djdeploy.media-same-origin",
    "MEDIA_ROOT = '/srv/media'\nMEDIA_URL = '/media/'",
    "MEDIA_ROOT = '/srv/media'\nMEDIA_URL = 'https://media.example.com/'",
  ],
  [
    "djdeploy.database-relative",
    database("'NAME': 'db.sqlite3'", "sqlite3"),
    database("'NAME': ':memory:'", "sqlite3"),
  ],
  [
    "djdeploy.database-sqlite-locking",
    database("'NAME': '/srv/db'", "sqlite3"),
    database("'NAME': '/srv/db', 'OPTIONS': {'transaction_mode': 'IMMEDIATE'}", "sqlite3"),
  ],
  [
    "djdeploy.database-pool-and-age",
    database("'CONN_MAX_AGE': 60, 'OPTIONS': {'pool': True}"),
    database("'CONN_MAX_AGE': 0, 'OPTIONS': {'pool': True}"),
  ],
  [
    "djdeploy.database-pgbouncer-cursors",
    database("'PORT': '6432'"),
    database("'PORT': 6432, 'DISABLE_SERVER_SIDE_CURSORS': True"),
  ],
  [
    "mysql.W002",
    database("'OPTIONS': {'init_command': \"SET sql_mode=''\"}", "mysql"),
    database("'OPTIONS': {'init_command': \"SET sql_mode='STRICT_TRANS_TABLES'\"}", "mysql"),
  ],
  ["djdeploy.use-tz-unset", "X = 1", "USE_TZ = False", { djangoVersion: "4.2" }],
  [
    "caches.W002",
    `MEDIA_ROOT = '/srv/media'\n${fileCache("/srv/media/cache")}`,
    `MEDIA_ROOT = '/srv/media'\n${fileCache("/srv/media-cache")}`,
  ],
  [
    "djdeploy.throttle-in-process-cache",
    "INSTALLED_APPS += ['rest_framework']\nREST_FRAMEWORK = {'DEFAULT_THROTTLE_CLASSES': ['x']}",
    "INSTALLED_APPS += ['rest_framework']\nREST_FRAMEWORK = {'DEFAULT_THROTTLE_CLASSES': []}",
  ],
];
