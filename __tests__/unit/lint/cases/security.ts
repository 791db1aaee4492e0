import type { RuleCase } from "./case.ts";

/** Families D, K, H, T, C and X: what was there first. */
export const securityCases: RuleCase[] = [
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
    "djdeploy.proxy-header",
    "SECURE_PROXY_SSL_HEADER = ('X-Forwarded-Proto', 'https')",
    "SECURE_PROXY_SSL_HEADER = ('HTTP_X_FORWARDED_PROTO', 'https')",
  ],
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
];
