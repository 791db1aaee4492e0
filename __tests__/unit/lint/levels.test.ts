import { describe, expect, test } from "vitest";
import type { Options } from "./cases/case.ts";
import { finding, lintText, SOUND } from "./judge-of.ts";

const level = (id: string, text: string, options: Options = {}) => {
  const found = finding(lintText(`${SOUND}\n${text}`, options), id);
  return found && `${found.level}, ${found.certainty}`;
};

describe("an error is what nobody would release", () => {
  test.each<[string, string, string | undefined, Options?]>([
    ["djdeploy.deploy-check-silenced", "SILENCED_SYSTEM_CHECKS = ['security.W018']", "warning, certain"],
    ["djdeploy.token-in-settings", `MAPS = "AIza${"aB3".repeat(11)}xy"`, "info, certain"],
    ["djdeploy.token-in-settings", `PAY = "${"sk"}_live_${"aB3x".repeat(6)}"`, "error, certain"],
    ["djdeploy.token-in-settings", `# PAY = "${"sk"}_live_${"aB3x".repeat(6)}"`, "warning, certain"],
    ["djdeploy.allowed-hosts-type", "ALLOWED_HOSTS = 'www.example.com'", "error, certain"],
    ["djdeploy.storage-setting-ignored", "STATICFILES_STORAGE = 'x.Y'", "warning, certain"],
    ["djdeploy.storage-setting-ignored", "DEFAULT_FILE_STORAGE = 'x.Y'", "error, certain"],
    ...[
      ["warning", "", "name = models.CharField()"],
      ["error", "", "photo = models.ImageField()"],
      ["error", "", "photo = ThumbnailerImageField()"],
      ["error", "INSTALLED_APPS += ['wagtail']", "name = models.CharField()"],
      ["error", "INSTALLED_APPS += pack.apps()", "name = models.CharField()"],
    ].map(([expected, apps, field]): [string, string, string, Options] => [
      "djdeploy.storage-setting-ignored",
      `import pack\n${apps}\nDEFAULT_FILE_STORAGE = 'x.Y'`,
      `${expected}, certain`,
      { tree: { "shop/models.py": `class A:\n    ${field}\n` } },
    ]),
    [
      "djdeploy.storage-setting-ignored",
      "DEFAULT_FILE_STORAGE = 'x.Y'",
      "error, unknown",
      { djangoVersion: null },
    ],
    [
      "djdeploy.env-file-tracked",
      "",
      undefined,
      { tree: { ".env": "POSTGRES_PASSWORD=postgres\nSECRET_KEY=changeme-now\n" } },
    ],
    [
      "djdeploy.env-file-tracked",
      "",
      undefined,
      { tree: { ".env": "DATABASE_URL=postgres://u:p@localhost/x\n" } },
    ],
    [
      "djdeploy.env-file-tracked",
      "",
      "error, certain",
      { tree: { ".env": "A_PASSWORD=postgres\nAPI_TOKEN=x81jd02kd9\n" } },
    ],
    [
      "djdeploy.env-file-tracked",
      "",
      undefined,
      { tree: { ".env.production": "MAIL_PASSWORD=app-specific-password\nA_KEY=test-secret # for tests\n" } },
    ],
    ["djdeploy.mail-password-literal", "EMAIL_HOST_PASSWORD = 'your-email-password'", undefined],
    ["djdeploy.mail-password-literal", "EMAIL_HOST_PASSWORD = '......'", undefined],
    ["djdeploy.mail-password-literal", "EMAIL_HOST_PASSWORD = 'admin_example'", undefined],
    ["djdeploy.mail-password-literal", "EMAIL_HOST_PASSWORD = 'passwd'", undefined],
    ["djdeploy.mail-password-literal", "EMAIL_HOST_PASSWORD = 'yourpassword1'", undefined],
    ["djdeploy.mail-password-literal", "EMAIL_HOST_PASSWORD = 'examplary-7'", "error, certain"],
    ["djdeploy.mail-password-literal", "EMAIL_HOST_PASSWORD = 'x81jd0-sample-2kd9'", "error, certain"],
    ["djdeploy.mail-password-literal", "EMAIL_HOST_PASSWORD = 'yours-7-truly'", "error, certain"],
    [
      "djdeploy.env-file-tracked",
      "",
      "error, certain",
      { tree: { ".env": "DATABASE_URL=postgres://shop:k3Jd82kS@pg.example.com/shop\n" } },
    ],
    ["djdeploy.mail-password-literal", "EMAIL_HOST_PASSWORD = 'replaced by nobody 7'", "error, certain"],
    [
      "djdeploy.storage-key-literal",
      "INSTALLED_APPS += ['storages']\nAWS_SECRET_ACCESS_KEY = 'replace the credentials'",
      undefined,
    ],
    ["djdeploy.mail-password-literal", "EMAIL_HOST_PASSWORD = 'correct-horse-battery'", "error, certain"],
    [
      "djdeploy.database-password-literal",
      "DATABASES = {'default': {'ENGINE': 'x', 'PASSWORD': 'changeme'}}",
      undefined,
    ],
    [
      "djdeploy.setting-removed",
      "del MIDDLEWARE\nMIDDLEWARE_CLASSES = []",
      "warning, certain",
      { djangoVersion: null },
    ],
    [
      "djdeploy.setting-removed",
      "del MIDDLEWARE\nMIDDLEWARE_CLASSES = []",
      "error, certain",
      { djangoVersion: "5.2" },
    ],
    ["djdeploy.setting-removed", "MIDDLEWARE_CLASSES = []", "info, certain", { djangoVersion: "5.2" }],
    [
      "djdeploy.setting-removed",
      "import os\nMIDDLEWARE_CLASSES = []\nif os.environ.get('OLD'):\n    del MIDDLEWARE",
      "error, depends",
      { djangoVersion: "5.2" },
    ],
    ["djdeploy.mail-local-host", "del EMAIL_HOST, ADMINS", undefined],
    ["djdeploy.mail-local-host", "del EMAIL_HOST", "info, certain"],
  ])("%s: %s", (id, text, expected, options) => {
    expect(level(id, text, options)).toBe(expected);
  });
});

test.each([
  ["3.2", "Django takes each letter of it for a name"],
  ["4.0", "Django does not start"],
])("a text for ALLOWED_HOSTS, in Django %s: %s", (djangoVersion, words) => {
  const result = lintText(`${SOUND}\nALLOWED_HOSTS = "www.example.com"`, { djangoVersion });
  expect(finding(result, "djdeploy.allowed-hosts-type")?.message).toContain(words);
});
