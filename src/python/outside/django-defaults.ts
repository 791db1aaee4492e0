import type { Value } from "../logic/values.ts";
import { bool, dict, list, NONE, num, str } from "../logic/values.ts";

/** [major, minor] of a version text; null = unknown. */
export function versionOf(text: string | null): [number, number] | null {
  const found = /^(\d+)(?:\.(\d+))?/.exec(text ?? "");
  return found ? [Number(found[1]), Number(found[2] ?? 0)] : null;
}

/** The newest long-term version: assumed where a project does not say. */
export const ASSUMED_DJANGO = "5.2";

export function atLeast(version: string, major: number, minor = 0): boolean {
  const [a, b] = versionOf(version) ?? (versionOf(ASSUMED_DJANGO) as [number, number]);
  return a > major || (a === major && b >= minor);
}

/** django/conf/global_settings.py, as far as checks and settings use it. */
export function djangoDefaults(version: string): Map<string, Value> {
  const since = (major: number, minor = 0): boolean => atLeast(version, major, minor);
  const caches = dict();
  const locmem = dict();
  locmem.scope.slots.set("BACKEND", str("django.core.cache.backends.locmem.LocMemCache"));
  caches.scope.slots.set("default", locmem);
  const values: Record<string, Value> = {
    DEBUG: bool(false),
    SECRET_KEY: str(""),
    SECRET_KEY_FALLBACKS: list([]),
    ALLOWED_HOSTS: list([]),
    INTERNAL_IPS: list([]),
    ADMINS: list([]),
    MANAGERS: list([]),
    INSTALLED_APPS: list([]),
    MIDDLEWARE: list([]),
    TEMPLATES: list([]),
    DATABASES: dict(),
    DATABASE_ROUTERS: list([]),
    CACHES: caches,
    AUTH_PASSWORD_VALIDATORS: list([]),
    AUTH_USER_MODEL: str("auth.User"),
    APPEND_SLASH: bool(true),
    USE_TZ: bool(since(5)),
    USE_I18N: bool(true),
    TIME_ZONE: str("America/Chicago"),
    LANGUAGE_CODE: str("en-us"),
    STATIC_ROOT: NONE,
    STATIC_URL: NONE,
    STATICFILES_DIRS: list([]),
    MEDIA_ROOT: str(""),
    MEDIA_URL: str(""),
    LOCALE_PATHS: list([]),
    LOGGING: dict(),
    LOGGING_CONFIG: str("logging.config.dictConfig"),
    EMAIL_BACKEND: str("django.core.mail.backends.smtp.EmailBackend"),
    EMAIL_HOST: str("localhost"),
    EMAIL_PORT: num(25),
    EMAIL_HOST_USER: str(""),
    EMAIL_HOST_PASSWORD: str(""),
    EMAIL_USE_TLS: bool(false),
    EMAIL_USE_SSL: bool(false),
    SERVER_EMAIL: str("root@localhost"),
    DEFAULT_FROM_EMAIL: str("webmaster@localhost"),
    DEFAULT_AUTO_FIELD: str(since(6) ? "django.db.models.BigAutoField" : "django.db.models.AutoField"),
    SESSION_ENGINE: str("django.contrib.sessions.backends.db"),
    SESSION_COOKIE_SECURE: bool(false),
    SESSION_COOKIE_HTTPONLY: bool(true),
    SESSION_COOKIE_SAMESITE: str("Lax"),
    SESSION_COOKIE_AGE: num(1209600),
    SESSION_COOKIE_NAME: str("sessionid"),
    SESSION_COOKIE_DOMAIN: NONE,
    SESSION_COOKIE_PATH: str("/"),
    SESSION_SERIALIZER: str("django.contrib.sessions.serializers.JSONSerializer"),
    CSRF_COOKIE_SECURE: bool(false),
    CSRF_COOKIE_SAMESITE: str("Lax"),
    CSRF_COOKIE_NAME: str("csrftoken"),
    CSRF_COOKIE_DOMAIN: NONE,
    CSRF_COOKIE_PATH: str("/"),
    CSRF_USE_SESSIONS: bool(false),
    CSRF_TRUSTED_ORIGINS: list([]),
    SECURE_SSL_REDIRECT: bool(false),
    SECURE_REDIRECT_EXEMPT: list([]),
    SECURE_PROXY_SSL_HEADER: NONE,
    SECURE_HSTS_SECONDS: num(0),
    SECURE_HSTS_INCLUDE_SUBDOMAINS: bool(false),
    SECURE_HSTS_PRELOAD: bool(false),
    SECURE_CONTENT_TYPE_NOSNIFF: bool(since(3)),
    SECURE_REFERRER_POLICY: since(3, 1) ? str("same-origin") : NONE,
    SECURE_CROSS_ORIGIN_OPENER_POLICY: str("same-origin"),
    X_FRAME_OPTIONS: str(since(3) ? "DENY" : "SAMEORIGIN"),
    USE_X_FORWARDED_HOST: bool(false),
    USE_X_FORWARDED_PORT: bool(false),
    SILENCED_SYSTEM_CHECKS: list([]),
    PASSWORD_HASHERS: list(["django.contrib.auth.hashers.PBKDF2PasswordHasher"].map(str)),
    CONN_MAX_AGE: num(0),
    FILE_UPLOAD_TEMP_DIR: NONE,
    DEFAULT_CHARSET: str("utf-8"),
    LANGUAGES: list([]),
    WSGI_APPLICATION: NONE,
    ROOT_URLCONF: NONE,
  };
  return new Map(Object.entries(values));
}
