import { describe, expect, test } from "vitest";
import { renderLint } from "../../../src/lint/index.ts";
import { recordTree } from "../../../src/python/source/tree.ts";
import type { Options } from "./cases/case.ts";
import { lintText, SOUND } from "./judge-of.ts";

function shown(settings: string, options: Options & { all?: boolean } = {}): string {
  const { all = false, ...rest } = options;
  const files = recordTree({ "mysite/settings.py": settings, ...rest.tree });
  return renderLint(lintText(settings, rest), { color: false, all, failLevel: "error", files });
}

const settings = (...lines: string[]): string => `${SOUND}\n${lines.join("\n")}\n`;

describe("what people read", () => {
  test("an error is there in full, with its line, and is the next thing to do", () => {
    const text = shown("DEBUG = True\n");
    expect(text).toContain(
      "error security.W018 mysite/settings.py:1:1\n  DEBUG is on\n      1 | DEBUG = True\n",
    );
    expect(text.trimEnd().split("\n").at(-1)).toMatch(/^next: .+ \(mysite\/settings\.py(:1:1)?\)$/);
  });

  test("settings in order are one line, without a zero in it", () => {
    expect(
      shown(settings("import os"), {
        provided: ["SECRET_KEY"],
        environment: { SECRET_KEY: `${"k8".repeat(15)}abcdefghijklmnopqrstuvwxyz` },
      }),
    ).toBe("mysite.settings: nothing to correct; nothing here stops a release\n");
  });

  test("at most ten lines of warnings, and how many more there are", () => {
    const apps = Array.from({ length: 12 }, (_, i) => `X${i}_SECRET = 'q8w7e6r5t4y3u2i${i}'`);
    const rest = ["debug_toolbar", "silk"].map((a) => `INSTALLED_APPS += ['${a}']`);
    const many = shown(
      settings(
        ...apps,
        ...rest,
        "SESSION_COOKIE_HTTPONLY = False",
        "X_FRAME_OPTIONS = 'SAMEORIGIN'",
        "SECURE_REFERRER_POLICY = None",
        "SECURE_CONTENT_TYPE_NOSNIFF = False",
        "USE_X_FORWARDED_HOST = True",
        "MIDDLEWARE.insert(0, 'a.B')",
        "LOGGING['disable_existing_loggers'] = True",
        "EMAIL_BACKEND = 'django.core.mail.backends.console.EmailBackend'",
        "ALLOWED_HOSTS = ['*']",
        "WHITENOISE_USE_FINDERS = True",
        "SECURE_REDIRECT_EXEMPT = ['/x']",
      ),
    );
    const lines = many.split("\n");
    expect(lines.filter((l) => l.startsWith("warning "))).toHaveLength(10);
    expect(many).toMatch(/^\+\d+ more: djdeploy lint --all$/m);
    expect(many).toContain("is written in the repository (and 11 more like it)");
  });

  test("what HTTPS lacks is one line, and advice for later while there is no TLS", () => {
    const off = settings("SECURE_SSL_REDIRECT = False", "SESSION_COOKIE_SECURE = False");
    expect(shown(off)).toContain(
      "warning  HTTPS is not enforced: SECURE_SSL_REDIRECT, SESSION_COOKIE_SECURE (security.W008, W012",
    );
    const later = shown(off, { deployment: { domains: [], tls: false } });
    expect(later).not.toContain("warning");
    expect(later).toMatch(/^later {4}once the site has TLS: .*SECURE_SSL_REDIRECT.*W008, W012\)$/m);
  });

  test("a setting that nobody gives has no line to show", () => {
    expect(shown(settings("STATIC_ROOT = None", "del STATIC_ROOT, ALLOWED_HOSTS"))).toContain(
      "error security.W020 mysite/settings.py\n  ALLOWED_HOSTS is empty: every request is answered with 400\n  fix:",
    );
  });

  test("what is missing from the environment is said in one line, and what to do last", () => {
    const text = shown(settings("import os", "A = os.environ['A_URL']", "B = os.environ['B_URL']"));
    expect(text).toContain("the settings do not load without SECRET_KEY, A_URL, B_URL");
    expect(text).toContain(
      "next: name SECRET_KEY, A_URL, B_URL in djdeploy.yml under env.secrets or env.vars\n",
    );
  });

  test("what other values of variables would do is counted, not listed", () => {
    const text = shown(settings("import os", "DEBUG = os.environ.get('D', '') == '1'"));
    expect(text).not.toContain("security.W018");
    expect(text).toMatch(/^\d+ more would be wrong for other values of variables: djdeploy lint --all$/m);
    expect(shown(settings("import os", "DEBUG = os.environ.get('D', '') == '1'"), { all: true })).toContain(
      "DEBUG is on, when D is '1'",
    );
  });

  test("silenced checks and ignored ids are listed with their reasons", () => {
    const text = shown(
      settings(
        "SECURE_HSTS_SECONDS = 0",
        "SESSION_COOKIE_SECURE = False",
        "SILENCED_SYSTEM_CHECKS = ['security.W004']",
      ),
      {
        ignore: { "security.W012": "the cookie holds nothing" },
      },
    );
    expect(text).toContain("security.W004 (named in SILENCED_SYSTEM_CHECKS)");
    expect(text).toContain("security.W012 (the cookie holds nothing)");
  });
});
