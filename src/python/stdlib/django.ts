import type { Machine } from "../logic/machine.ts";
import type { Value } from "../logic/values.ts";
import { bool, NONE, native, num, scope, str, tuple, unknown } from "../logic/values.ts";
import { djangoDefaults } from "../outside/django-defaults.ts";

const same = (name: string): [string, Value] => [name, native(name, ([v = NONE]) => v)];

/** The parts of Django that settings import; null for the rest. */
export function djangoModule(m: Machine, name: string): Record<string, Value> | null {
  switch (name) {
    case "django":
      return {
        VERSION: tuple([...versionNumbers(m.djangoVersion), str("final"), num(0)]),
        get_version: native("get_version", () => str(m.djangoVersion)),
        __version__: str(m.djangoVersion),
      };
    case "django.core.exceptions":
      return { ImproperlyConfigured: m.exceptions.get("ImproperlyConfigured") as Value };
    case "django.conf.global_settings":
      return Object.fromEntries(djangoDefaults(m.djangoVersion));
    case "django.utils.translation":
      return Object.fromEntries(
        ["gettext_lazy", "gettext", "ugettext_lazy", "ugettext", "gettext_noop", "pgettext_lazy"].map(same),
      );
    case "django.core.management.utils":
      return {
        get_random_secret_key: native("get_random_secret_key", () =>
          unknown("get_random_secret_key()", { type: "str", truthy: true, generated: true, length: 50 }),
        ),
      };
    case "django.utils.crypto":
      return {
        get_random_string: native("get_random_string", ([n]) =>
          unknown("get_random_string()", {
            type: "str",
            truthy: true,
            generated: true,
            length: n?.t === "num" ? n.v : 12,
          }),
        ),
      };
    case "django.urls":
      return {
        reverse_lazy: native("reverse_lazy", () => unknown("reverse_lazy()", { type: "str", truthy: true })),
      };
    case "django.contrib.messages":
    case "django.contrib.messages.constants":
      return { DEBUG: num(10), INFO: num(20), SUCCESS: num(25), WARNING: num(30), ERROR: num(40) };
    case "django.utils.log":
      return { DEFAULT_LOGGING: unknown("Django's default LOGGING", { truthy: true }) };
    case "django.utils.csp":
      return { CSP: policyWords() };
    case "django.core.checks":
      return { register: native("register", () => native("register()", ([v = NONE]) => v)), _: bool(false) };
    default:
      return null;
  }
}

/** django.utils.csp.CSP, an enumeration of texts (Django 6.0). */
function policyWords(): Value {
  const words =
    "NONE REPORT_SAMPLE SELF STRICT_DYNAMIC UNSAFE_EVAL UNSAFE_HASHES UNSAFE_INLINE WASM_UNSAFE_EVAL".split(
      " ",
    );
  const members = scope();
  for (const word of words) members.slots.set(word, str(`'${word.toLowerCase().replace(/_/g, "-")}'`));
  members.slots.set("NONCE", str("<CSP_NONCE_SENTINEL>"));
  return { t: "class", name: "CSP", bases: [], unknownBase: null, scope: members };
}

function versionNumbers(version: string): Value[] {
  const [a = 5, b = 2, c = 0] = version.split(".").map(Number);
  return [num(a || 0), num(b || 0), num(Number.isNaN(c) ? 0 : c)];
}
