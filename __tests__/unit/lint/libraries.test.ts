import { describe, expect, test } from "vitest";
import { lintText, SOUND, verdict } from "./judge-of.ts";

const DEBUG = "security.W018";
const FAIL = "djdeploy.settings-fail";

const debugOf = (text: string, tree: Record<string, string> = {}): string =>
  verdict(lintText(`${SOUND}\n${text}`, { tree }), DEBUG);

const INI = `[DEFAULT]
home = /srv
[site]
debug = on
off: no
path = %(home)s/site
share = 100%%
deep = %(path)s/x
long = one
  two

  three
; a comment
  # and another
[other]
Number = 7
bad = %(nothing)s
`;

const read = (kind: string, expression: string): string =>
  `import configparser, os\nc = configparser.${kind}\nc.read(os.path.join(os.path.dirname(__file__), "site.ini"))\nDEBUG = ${expression}`;

describe("configparser", () => {
  const tree = { "mysite/site.ini": INI };
  test.each([
    ['c.getboolean("site", "debug")', "certain"],
    ['c.getboolean("site", "off")', "pass"],
    ['c["site"].getboolean("OFF")', "pass"],
    ['c.get("site", "path") == "/srv/site"', "certain"],
    ['c.get("site", "path", raw=True) == "%(home)s/site"', "certain"],
    ['c["site"]["share"] == "100%"', "certain"],
    ['c.get("site", "deep") == "/srv/site/x"', "certain"],
    ['c.get("site", "long") == "one\\ntwo\\n\\nthree"', "certain"],
    ['c.getint("other", "number") == 7', "certain"],
    ['c.getboolean("site", "none", fallback=True)', "certain"],
    ['c["site"].getboolean("none", False)', "pass"],
    ['c["site"].get("none") is None', "certain"],
    ['c.sections() == ["site", "other"]', "certain"],
    ['"home" in c["other"] and "DEFAULT" in c and "more" not in c', "certain"],
    ['c.has_option("site", "home") and not c.has_section("DEFAULT")', "certain"],
    ['[k for k, v in c["other"].items() if k != "bad"]', "certain", "RawConfigParser()"],
    ['c.get("site", "path") == "%(home)s/site"', "certain", "RawConfigParser()"],
    ['c.get("site", "path") == "%(home)s/site"', "certain", "ConfigParser(interpolation=None)"],
    ['c.get("site", "more") == "x"', "certain", 'ConfigParser({"MORE": "x"})'],
    ['c.get("site", "path") == "/srv/site"', "unknown", 'ConfigParser(delimiters=("~",))'],
    ['c.get("site", "path")', "unknown", "ConfigParser(interpolation=configparser.ExtendedInterpolation())"],
    ["bool(c.converters)", "unknown"],
  ])("%s", (expression, expected, kind = "ConfigParser()") => {
    expect(debugOf(read(kind, expression), tree)).toBe(expected);
  });

  test.each([
    ['c.get("site", "nothing")', "NoOptionError"],
    ['c.get("none", "debug")', "NoSectionError"],
    ['c.get("other", "bad")', "InterpolationMissingOptionError"],
  ])("%s raises what can be caught", (expression, error) => {
    const caught = `${read("ConfigParser()", "False")}\ntry:\n    ${expression}\nexcept configparser.${error}:\n    DEBUG = True`;
    expect(debugOf(caught, tree)).toBe("certain");
    const result = lintText(`${SOUND}\n${read("ConfigParser()", expression)}`, { tree });
    expect(verdict(result, FAIL)).not.toBe("pass");
  });

  // That a library raises is never said for certain: it may be another version.
  test.each([
    ["[a]\nx = 1\nx = 2\n", "unknown"],
    ["[a]\nx\n", "unknown"],
    ["x = 1\n", "unknown"],
    ["[a]\nx = 1\n[b]\nX = 2\n", "pass"],
    ["[a]b]\nx = 1\n", "pass"],
  ])("of a file that it refuses the settings do not load: %j", (text, expected) => {
    const result = lintText(`${SOUND}\n${read("ConfigParser()", "False")}`, {
      tree: { "mysite/site.ini": text },
    });
    expect(verdict(result, FAIL)).toBe(expected);
  });

  test("a file that is not in the repository may hold anything, and whether it is there is not known", () => {
    expect(debugOf(read("ConfigParser()", 'c.getboolean("site", "debug", fallback=False)'))).toBe("unknown");
    expect(debugOf(read("ConfigParser()", 'c.has_section("site")'))).toBe("unknown");
    const outside = `import configparser\nc = configparser.ConfigParser()\nc.read(["/etc/site.ini"])\nDEBUG = c["site"].getboolean("debug", False)`;
    expect(debugOf(outside)).toBe("unknown");
    const result = lintText(`${SOUND}\n${outside}`);
    expect(result.findings.find((f) => f.id === DEBUG)?.message).toContain(
      "/etc/site.ini is not in the repository",
    );
  });

  test("names keep their case where the project says so", () => {
    const text = read(
      "ConfigParser()",
      'c.has_option("other", "Number") and not c.has_option("other", "number")',
    );
    expect(debugOf(text.replace("\nc.read", "\nc.optionxform = str\nc.read"), tree)).toBe("certain");
  });

  test("what was set by hand is not looked for in the file", () => {
    const text = `${read("ConfigParser()", "False")}\nc["site"]["off"] = os.environ.get("OFF", "yes")\nDEBUG = c.getboolean("site", "off")`;
    expect(debugOf(text, tree)).toBe("unknown");
  });
});

describe("ipaddress", () => {
  test.each([
    ['ip_address("10.0.0.5") in ip_network("10.0.0.0/24")', "certain"],
    ['ip_address("10.0.1.5") in ip_network("10.0.0.0/24")', "pass"],
    ['[str(ip) for ip in ip_network("10.0.0.0/30").hosts()] == ["10.0.0.1", "10.0.0.2"]', "certain"],
    ['str(IPv4Network("10.0.0.7/30", strict=False)) == "10.0.0.4/30"', "certain"],
    ['ip_address("127.0.0.1").is_loopback', "certain"],
    ['ip_address("10.0.0.1").is_private', "unknown"],
    ['ip_address("::1").is_loopback', "unknown"],
    ['ip_address("010.0.0.1") is None', "unknown"],
    ['ip_network("10.0.0.0/8")[5] == IPv4Address("10.0.0.5")', "certain"],
  ])("%s", (expression, expected) => {
    expect(
      debugOf(
        `from ipaddress import *\nDEBUG = ${expression}`.replace(
          "*",
          "IPv4Address, IPv4Network, ip_address, ip_network",
        ),
      ),
    ).toBe(expected);
  });

  test("a text that is no address is refused", () => {
    const text = `import ipaddress\nDEBUG = False\ntry:\n    ipaddress.ip_address("10.0.0.256")\nexcept ValueError:\n    DEBUG = True`;
    expect(debugOf(text)).toBe("certain");
    expect(debugOf(text.replace('ip_address("10.0.0.256")', 'ip_network("10.0.0.1/24")'))).toBe("certain");
  });
});

describe("resource", () => {
  test.each([
    ["resource.RLIM_INFINITY == -1 and resource.RLIMIT_NOFILE == 7", "certain"],
    ["resource.getrlimit(resource.RLIMIT_NOFILE)[0] < 1024", "unknown"],
    ["resource.setrlimit(resource.RLIMIT_DATA, (-1, -1)) or False", "unknown"],
  ])("%s", (expression, expected) => {
    expect(debugOf(`import resource\nDEBUG = ${expression}`)).toBe(expected);
  });

  test("a limit that cannot be set may be caught", () => {
    const text = `import resource\nDEBUG = False\ntry:\n    resource.setrlimit(resource.RLIMIT_DATA, (1, 1))\nexcept (ValueError, OSError):\n    DEBUG = True`;
    expect(debugOf(text)).toBe("unknown");
  });
});

test("a mapping of the project's own is no list of pairs", () => {
  const text = `class M:\n    def keys(self):\n        return ["a"]\n    def __getitem__(self, k):\n        return 1\nDEBUG = dict(M())["a"] == 1`;
  expect(debugOf(text)).toBe("unknown");
});

test("a name that an outer function has not bound yet is no local one", () => {
  const text = `def f():\n    class K:\n        def m(self, x=n):\n            pass\n    n = 1\ntry:\n    f()\nexcept Exception as error:\n    DEBUG = type(error).__name__ == "NameError"`;
  expect(debugOf(text)).toBe("certain");
  expect(debugOf("def f():\n    n = True\n    class K:\n        x = n\n    return K.x\nDEBUG = f()")).toBe(
    "certain",
  );
});
