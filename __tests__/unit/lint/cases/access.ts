import type { Options, RuleCase } from "./case.ts";

const KEY = "correct-horse-battery-staple-correct-horse-battery-staple";
const site = (more: Partial<NonNullable<Options["deployment"]>> = {}): Options => ({
  deployment: { domains: ["www.example.com"], tls: true, ...more },
});
const plain: Options = {
  deployment: { domains: ["www.example.com"], tls: false, url: "http://www.example.com" },
};
const app = (name: string): string => `INSTALLED_APPS += ["${name}"]\n`;

/** Families D, K, H, T, C, X: who gets in, and how. */
export const accessCases: RuleCase[] = [
  ["security.W018", "DEBUG = 1", "DEBUG = ''"],
  [
    "djdeploy.debug-text",
    "import os\nDEBUG = os.environ.get('D')",
    "import os\nDEBUG = os.environ.get('D') == 'on'",
    { as: "depends", near: { environment: { D: "" } } },
  ],
  [
    "djdeploy.debug-default-on",
    "import os\nDEBUG = os.environ.get('D', 'on') == 'on'",
    "import os\nDEBUG = os.environ.get('D', 'off') == 'on'",
    { as: "depends, fails unset" },
  ],
  [
    "djdeploy.debug-typo-on",
    "import os\nDEBUG = os.environ.get('E', 'prd') != 'prd'",
    "import os\nDEBUG = os.environ.get('E', 'prd') == 'dev'",
    { as: "depends" },
  ],
  [
    "djdeploy.debug-overridden",
    "from .dev import *",
    "from .dev import *\nDEBUG = False",
    { tree: { "mysite/dev.py": "DEBUG = True" } },
  ],
  [
    "djdeploy.template-loaders-uncached",
    "TEMPLATES = [{'OPTIONS': {'loaders': ['django.template.loaders.filesystem.Loader']}}]",
    "TEMPLATES = [{'OPTIONS': {'loaders': [('django.template.loaders.cached.Loader', ['django.template.loaders.filesystem.Loader'])]}}]",
  ],
  [
    "djdeploy.internal-ips-open",
    `${app("debug_toolbar")}DEBUG_TOOLBAR_CONFIG = {'SHOW_TOOLBAR_CALLBACK': lambda request: True}`,
    `${app("debug_toolbar")}DEBUG_TOOLBAR_CONFIG = {'SHOW_TOOLBAR_CALLBACK': lambda request: request.user.is_staff}`,
  ],
  ["security.W009", "SECRET_KEY = 'short'", `SECRET_KEY = '${KEY}'`],
  ["djdeploy.secret-key-published", `SECRET_KEY = '${KEY}'`, "import os\nSECRET_KEY = os.environ['K']"],
  [
    "djdeploy.secret-key-fallback",
    `import os\nSECRET_KEY = os.environ.get('K', '${KEY}')`,
    `import os\nSECRET_KEY = os.environ.get('K')`,
    { as: "depends, fails unset" },
  ],
  [
    "djdeploy.secret-key-generated",
    "from django.core.management.utils import get_random_secret_key\nSECRET_KEY = get_random_secret_key()",
    "from django.core.management.utils import get_random_secret_key\nOTHER_KEY = get_random_secret_key()",
  ],
  [
    "djdeploy.secret-key-written",
    "try:\n    SECRET_KEY = open('key.txt').read()\nexcept OSError:\n    import secrets\n    SECRET_KEY = secrets.token_hex(32)\n    with open('key.txt', 'w') as f:\n        f.write(SECRET_KEY)",
    "try:\n    SECRET_KEY = open('key.txt').read()\nexcept OSError:\n    import secrets\n    SECRET_KEY = secrets.token_hex(32)",
  ],
  [
    "djdeploy.secret-key-shared",
    `SECRET_KEY = '${KEY}'`,
    `import os\nSECRET_KEY = os.environ['K']`,
    { tree: { "mysite/settings_dev.py": `SECRET_KEY = '${KEY}'` } },
  ],
  [
    "djdeploy.signing-key-shared",
    `SECRET_KEY = '${KEY}'\nSIMPLE_JWT = {'SIGNING_KEY': SECRET_KEY}`,
    "import os\nSIMPLE_JWT = {'SIGNING_KEY': os.environ['JWT']}",
  ],
  ["djdeploy.secret-key-printed", "print(f'key: {SECRET_KEY}')", "print('length:', len(SECRET_KEY))"],
  ["djdeploy.redirect-without-tls", "SECURE_SSL_REDIRECT = True", "SECURE_SSL_REDIRECT = False", plain],
  [
    "djdeploy.secure-cookie-without-tls",
    "SESSION_COOKIE_SECURE = True\nCSRF_COOKIE_SECURE = False",
    "SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False",
    plain,
  ],
  [
    "djdeploy.trusted-origin-scheme",
    "CSRF_TRUSTED_ORIGINS = ['http://*.example.com']",
    "CSRF_TRUSTED_ORIGINS = ['http://*.example.com', 'https://www.example.com']",
    site(),
  ],
  [
    "djdeploy.redirect-elsewhere",
    "SECURE_SSL_HOST = 'secure.example.com'",
    "SECURE_SSL_HOST = 'www.example.com'\nPREPEND_WWW = True",
    site(),
  ],
  ["security.W020", "ALLOWED_HOSTS = []", "ALLOWED_HOSTS = ['']"],
  [
    "djdeploy.allowed-hosts-never-match",
    "ALLOWED_HOSTS = ['https://example.com']",
    "ALLOWED_HOSTS = ['https://example.com', 'example.com']",
  ],
  ["djdeploy.allowed-hosts-entry", "ALLOWED_HOSTS += ['example.com:8000']", "ALLOWED_HOSTS += ['[::1]']"],
  [
    "djdeploy.allowed-hosts-split",
    "import os\nALLOWED_HOSTS = os.environ.get('HOSTS', 'example.com').split(',')",
    "import os\nALLOWED_HOSTS = [h.strip() for h in os.environ.get('HOSTS', 'example.com').split(',')]",
    { as: "depends" },
  ],
  [
    "djdeploy.allowed-hosts-platform",
    "ALLOWED_HOSTS = ['.herokuapp.com']",
    "ALLOWED_HOSTS = ['mysite.herokuapp.com']",
  ],
  [
    "djdeploy.redirect-loop",
    "",
    "SECURE_PROXY_SSL_HEADER = ('HTTP_X_FORWARDED_PROTO', 'https')",
    site({ server: "hypercorn" }),
  ],
  // Gunicorn believes its proxy on a Unix socket.
  ["djdeploy.redirect-loop", "", "", { ...site({ server: "waitress" }), near: site({ server: "gunicorn" }) }],
  ["djdeploy.hsts-template-value", "SECURE_HSTS_SECONDS = 60", "SECURE_HSTS_SECONDS = 3600"],
  [
    "djdeploy.health-path-redirected",
    "",
    "SECURE_REDIRECT_EXEMPT = ['^health$']",
    site({ health: { path: "/health", scheme: "http", status: [200] } }),
  ],
  ["djdeploy.secure-ssl-redirect-text", "SECURE_SSL_REDIRECT = 'False'", "SECURE_SSL_REDIRECT = False"],
  ["djdeploy.session-cookie-secure-text", "SESSION_COOKIE_SECURE = 'False'", "SESSION_COOKIE_SECURE = ''"],
  ["djdeploy.csrf-cookie-secure-text", "CSRF_COOKIE_SECURE = 'no'", "CSRF_COOKIE_SECURE = 0"],
  [
    "djdeploy.secure-hsts-include-subdomains-text",
    "SECURE_HSTS_INCLUDE_SUBDOMAINS = 'True'",
    "SECURE_HSTS_INCLUDE_SUBDOMAINS = None",
  ],
  ["security.W011", "SESSION_COOKIE_SECURE = False\nINSTALLED_APPS = []", "INSTALLED_APPS = []"],
  ["security.W013", "SESSION_COOKIE_HTTPONLY = False\nMIDDLEWARE.pop(1)", "SESSION_COOKIE_HTTPONLY = False"],
  ["security.W014", "SESSION_COOKIE_HTTPONLY = False\nINSTALLED_APPS = []", "INSTALLED_APPS = []"],
  [
    "djdeploy.cookie-prefix",
    "CSRF_COOKIE_NAME = '__Host-csrf'\nCSRF_COOKIE_DOMAIN = 'example.com'",
    "CSRF_COOKIE_NAME = '__Secure-csrf'\nCSRF_COOKIE_DOMAIN = 'example.com'",
  ],
  [
    "djdeploy.cookie-domain",
    "SESSION_COOKIE_DOMAIN = '.example.org'",
    "SESSION_COOKIE_DOMAIN = '.example.com'",
    site(),
  ],
  [
    "djdeploy.trusted-origins",
    "SECURE_SSL_REDIRECT = False",
    "CSRF_TRUSTED_ORIGINS = ['https://*.example.com']",
    site({ server: "waitress" }),
  ],
  [
    "djdeploy.session-signed-cookies",
    "SESSION_ENGINE = 'django.contrib.sessions.backends.signed_cookies'",
    "SESSION_ENGINE = 'django.contrib.sessions.backends.cached_db'",
  ],
  ["djdeploy.session-age", "SESSION_COOKIE_AGE = 365 * 24 * 3600", "SESSION_COOKIE_AGE = 30 * 24 * 3600"],
  ["security.W007", "", "SECURE_BROWSER_XSS_FILTER = True", { djangoVersion: "2.2" }],
  [
    "security.W027",
    "from django.utils.csp import CSP\nMIDDLEWARE += ['django.middleware.csp.ContentSecurityPolicyMiddleware']\nSECURE_CSP = {'script-src': [CSP.SELF, CSP.NONCE]}\nTEMPLATES = [{'OPTIONS': {}}]",
    "from django.utils.csp import CSP\nMIDDLEWARE += ['django.middleware.csp.ContentSecurityPolicyMiddleware']\nSECURE_CSP = {'script-src': [CSP.NONCE]}\nTEMPLATES = [{'OPTIONS': {'context_processors': ['django.template.context_processors.csp']}}]",
    { djangoVersion: "6.1" },
  ],
  [
    "djdeploy.csp-unsafe-inline",
    "from django.utils.csp import CSP\nMIDDLEWARE += ['django.middleware.csp.ContentSecurityPolicyMiddleware']\nSECURE_CSP = {'script-src': [CSP.UNSAFE_INLINE]}",
    "from django.utils.csp import CSP\nMIDDLEWARE += ['django.middleware.csp.ContentSecurityPolicyMiddleware']\nSECURE_CSP = {'default-src': [CSP.SELF], 'style-src': [CSP.UNSAFE_INLINE]}",
    { djangoVersion: "6.0" },
  ],
  [
    "djdeploy.api-open",
    app("rest_framework"),
    `${app("rest_framework")}REST_FRAMEWORK = {'DEFAULT_PERMISSION_CLASSES': ['rest_framework.permissions.IsAuthenticated']}`,
  ],
];
