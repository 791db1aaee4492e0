import { describe, expect, test } from "vitest";
import { lintText, SOUND, verdict } from "./judge-of.ts";

/** Settings that a file of the host completes: nothing of it is in the repository. */
const BARE = `${SOUND}
SECRET_KEY = "change-me"
ALLOWED_HOSTS = []
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "PASSWORD": "in-the-repository"}}
`;
const IDS = ["security.W009", "security.W020", "djdeploy.database-password-literal"];
const ENTERED: Record<string, string> = {
  "a star import": "try:\n    from local_settings import *\nexcept ImportError:\n    pass",
  "a star import beside it": "try:\n    from .local import *\nexcept ImportError:\n    pass",
  "a star import of its package":
    "try:\n    from mysite.local import *\nexcept ModuleNotFoundError as e:\n    print(e)",
  suppressed: "import contextlib\nwith contextlib.suppress(ImportError):\n    from .local import *",
  names: "try:\n    from .private import SECRET_KEY, ALLOWED_HOSTS, DATABASES\nexcept ImportError:\n    pass",
  "a module that a variable names":
    "import importlib, os\nextra = os.getenv('EXTRA')\nif extra:\n    mod = importlib.import_module(extra)\n    globals().update({k: getattr(mod, k) for k in dir(mod)})",
  "a module that a variable names, always":
    "import importlib, os\nmod = importlib.import_module(os.environ['EXTRA'])\nglobals().update(vars(mod))",
  "a module that a variable names, name by name":
    "import importlib, os\nmod = importlib.import_module(os.environ['EXTRA'])\nfor name in dir(mod):\n    if name.isupper():\n        globals()[name] = getattr(mod, name)",
  "a file outside":
    "import os\nif os.path.exists('/etc/mysite.py'):\n    exec(open('/etc/mysite.py').read())",
  "a file beside it that git does not have":
    "import os\np = os.path.join(os.path.dirname(__file__), 'local.py')\nif os.path.exists(p):\n    exec(open(p).read())",
  "a file beside it, imported if it is there":
    "import os\nif os.path.exists(os.path.join(os.path.dirname(__file__), 'local.py')):\n    from .local import *",
  "a file beside it, tried": "try:\n    exec(open('local.py').read())\nexcept IOError:\n    pass",
  split_settings: "from split_settings.tools import include, optional\ninclude(optional('local.py'))",
};

describe("what a file of the host sets is not known", () => {
  test.each(Object.entries(ENTERED))("%s", (_, text) => {
    const result = lintText(`${BARE}\n${text}`, {
      tree: { "requirements.txt": "Django==5.2\ndjango-split-settings\n" },
    });
    expect(IDS.map((id) => `${id} ${verdict(result, id)}`)).toEqual(IDS.map((id) => `${id} unknown`));
    // What hosts do not differ in is judged as it stands.
    expect(verdict(result, "djdeploy.settings-fail")).toBe("pass");
  });

  test("a fallback of what it may have is not known either", () => {
    const text = `${SOUND}\ntry:\n    from .private import SECRET_KEY\nexcept ImportError:\n    SECRET_KEY = "change-me"`;
    expect(verdict(lintText(text), "security.W009")).toBe("unknown");
  });

  test.each([
    ["dynaconf", "import dynaconf\nsettings = dynaconf.DjangoDynaconf(__name__)"],
    [
      "a package of settings",
      "del SECRET_KEY, ALLOWED_HOSTS, DATABASES\nROOT_URLCONF = 'a'\nfrom corporate.base import *",
    ],
  ])("%s may set the same", (_, text) => {
    const result = lintText(`${SOUND}\nALLOWED_HOSTS = []\n${text}`);
    const ids = ["security.W009", "security.W020", "djdeploy.database-missing"];
    expect(ids.map((id) => verdict(result, id))).toEqual(["unknown", "unknown", "unknown"]);
  });

  test("settings that ask for a file which git does not have may load on the host", () => {
    const text = `import os\nif not os.path.exists(os.path.join(os.path.dirname(__file__), '.env')):\n    raise ValueError('no .env')`;
    expect(verdict(lintText(`${SOUND}\n${text}`), "djdeploy.settings-fail")).toBe("unknown");
    expect(verdict(lintText(`${SOUND}\nraise ValueError('never')`), "djdeploy.settings-fail")).toBe(
      "certain",
    );
  });

  test("what is set after it is the project's word", () => {
    const text = `${BARE}\n${ENTERED["a star import"]}\nALLOWED_HOSTS = []`;
    expect(verdict(lintText(text), "security.W020")).toBe("certain");
  });

  test("what the repository says of DEBUG holds", () => {
    const text = `${BARE}\nDEBUG = True\n${ENTERED["a star import"]}`;
    expect(verdict(lintText(text), "security.W018")).toBe("certain");
  });

  test("a package that is not installed is none of them", () => {
    const text = `${BARE}\ntry:\n    import debug_toolbar\n    ALLOWED_HOSTS = ["x.example.net"]\nexcept ImportError:\n    pass`;
    const tree = { "requirements.txt": "Django==5.2\n" };
    expect(verdict(lintText(text, { tree }), "security.W020")).toBe("certain");
  });
});
