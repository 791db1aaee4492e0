import { pure } from "../logic/apply.ts";
import type { Machine } from "../logic/machine.ts";
import { gap } from "../logic/outcomes.ts";
import type { Class, Value } from "../logic/values.ts";
import { dict, list, NONE, native, num, scope, str, tuple, unknown } from "../logic/values.ts";

export interface UrlParts {
  scheme: string;
  netloc: string;
  path: string;
  query: string;
  fragment: string;
  username: string | null;
  password: string | null;
  hostname: string | null;
  /** Null where there is none, a text where reading it raises ValueError. */
  port: number | string | null;
}

/** urllib.parse.urlsplit of a text. */
export function splitUrl(url: string): UrlParts {
  let rest = url.replace(/^[\0-\x20]+/, "").replace(/[\t\r\n]/g, "");
  const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(rest);
  if (scheme) rest = rest.slice(scheme[0].length);
  let netloc = "";
  if (rest.startsWith("//")) {
    const end = /[/?#]/.exec(rest.slice(2));
    netloc = end ? rest.slice(2, 2 + end.index) : rest.slice(2);
    rest = rest.slice(2 + netloc.length);
  }
  const hash = rest.indexOf("#");
  const fragment = hash >= 0 ? rest.slice(hash + 1) : "";
  if (hash >= 0) rest = rest.slice(0, hash);
  const mark = rest.indexOf("?");
  const query = mark >= 0 ? rest.slice(mark + 1) : "";
  if (mark >= 0) rest = rest.slice(0, mark);
  const at = netloc.lastIndexOf("@");
  const user = at >= 0 ? netloc.slice(0, at) : null;
  const host = netloc.slice(at + 1);
  const colon = user?.indexOf(":") ?? -1;
  const address = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/.exec(host);
  const port = address?.[2];
  return {
    scheme: scheme?.[1]?.toLowerCase() ?? "",
    netloc,
    path: rest,
    query,
    fragment,
    username: user === null ? null : colon < 0 ? user : user.slice(0, colon),
    password: user === null || colon < 0 ? null : user.slice(colon + 1),
    hostname: address?.[1] ? address[1].replace(/^\[|\]$/g, "").toLowerCase() : null,
    port: port ? (/^\d+$/.test(port) && Number(port) < 65536 ? Number(port) : port) : null,
  };
}

type Kind = "ParseResult" | "SplitResult";

export function urlModule(m: Machine): Record<string, Value> {
  const onText = (name: string, make: (text: string) => Value): [string, Value] => [
    name,
    native(name, ([v = NONE, ...more], kwargs) =>
      pure(m, [v], ([o]) => {
        if (more.length > 0 || kwargs.size > (kwargs.has("url") ? 1 : 0))
          return gap(`the arguments of ${name}()`);
        if (o?.t === "str") return make(o.v);
        if (o?.t === "unknown") return gap(o.reason, o.from ? { from: o.from } : {});
        return o?.t === "none" && /^url(parse|split)$/.test(name)
          ? inEmptyBytes(make(""))
          : gap(`${name}() of no text`);
      }),
    ),
  ];
  return {
    ...Object.fromEntries([
      onText("urlparse", (text) => parsed(m, text, "ParseResult")),
      onText("urlsplit", (text) => parsed(m, text, "SplitResult")),
      onText("quote", (text) => str(quoted(text, /[\w.~/-]/))),
      onText("quote_plus", (text) => str(quoted(text, /[\w.~ -]/).replace(/ /g, "+"))),
      onText("unquote", (text) => str(decoded(text))),
      onText("unquote_plus", (text) => str(decoded(text.replace(/\+/g, " ")))),
      onText("parse_qs", (text) => query(m, text)),
    ]),
    urljoin: native("urljoin", ([a = NONE, b = NONE]) =>
      pure(m, [a, b], ([x, y]) =>
        x?.t === "str" && y?.t === "str"
          ? str(joinUrl(x.v, y.v))
          : gap("urljoin()", { type: "str", truthy: true }),
      ),
    ),
    urlencode: native("urlencode", () => gap("urlencode()", { type: "str" })),
  };
}

/** What `urlparse(None)` gives: its parts are bytes. */
function inEmptyBytes(v: Value): Value {
  if (v.t !== "instance") return v;
  for (const [k, part] of v.scope.slots) if (part.t === "str") v.scope.slots.set(k, { t: "bytes", v: "" });
  v.scope.slots.delete("\0items");
  return v;
}

/** Joins plain addresses and paths; anything else follows rules that are not here. */
function joinUrl(base: string, path: string): string {
  const [, origin, folder] = /^(https?:\/\/[a-z0-9.-]+(?::\d+)?)((?:\/[\w~-][\w.~-]*)*\/?)$/.exec(base) ?? [];
  if (origin === undefined || folder === undefined || !/^\/?[\w~-][\w.~-]*(\/[\w~-][\w.~-]*)*\/?$/.test(path))
    return gap("urljoin()", { type: "str", truthy: true });
  return path.startsWith("/") ? origin + path : `${origin}${folder.replace(/[^/]*$/, "") || "/"}${path}`;
}

function quoted(text: string, safe: RegExp): string {
  if (/[\ud800-\udfff]/.test(text)) return gap("quote()", { type: "str" });
  return [...text]
    .map((c) =>
      safe.test(c) && c < "\x7f"
        ? c
        : [...Buffer.from(c, "utf8")]
            .map((b) => `%${b.toString(16).toUpperCase().padStart(2, "0")}`)
            .join(""),
    )
    .join("");
}

const decoded = (text: string): string =>
  text.replace(/(?:%[0-9a-fA-F]{2})+/g, (coded) =>
    Buffer.from(coded.replace(/%/g, ""), "hex").toString("utf8"),
  );

function query(m: Machine, text: string): Value {
  if (/%|;/.test(text)) return gap("parse_qs()", { type: "dict" });
  const d = dict(m.pc);
  for (const [k, v] of new URLSearchParams(text)) {
    if (v === "") continue;
    const old = d.scope.slots.get(k);
    if (old?.t === "list" && old.content.t === "tuple") old.content = tuple([...old.content.items, str(v)]);
    else d.scope.slots.set(k, list([str(v)], m.pc));
  }
  return d;
}

function parsed(m: Machine, text: string, kind: Kind): Value {
  const url = splitUrl(text);
  // Brackets that do not match are a ValueError, and parameters are split off by urlparse.
  if (
    /[[\]]/.test(url.netloc) ||
    (kind === "ParseResult" && url.path.includes(";")) ||
    /\P{ASCII}/u.test(url.netloc)
  )
    return gap("urlparse()");
  const own = scope(m.pc);
  const cls: Class = { t: "class", name: kind, bases: [], unknownBase: null, scope: scope() };
  for (const [k, v] of Object.entries(url))
    if (k !== "port") own.slots.set(k, v === null ? NONE : str(v as string));
  own.slots.set(
    "port",
    url.port === null ? NONE : typeof url.port === "number" ? num(url.port) : unknown("a port"),
  );
  if (kind === "ParseResult") own.slots.set("params", str(""));
  const parts = [
    url.scheme,
    url.netloc,
    url.path,
    ...(kind === "ParseResult" ? [""] : []),
    url.query,
    url.fragment,
  ];
  own.slots.set("\0items", tuple(parts.map(str)));
  return { t: "instance", cls, scope: own, id: 0 };
}
