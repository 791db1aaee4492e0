import { type Machine, pure, raise } from "../machine.ts";
import type { Class, Value } from "../values.ts";
import { dict, list, NONE, native, num, scope, str, tuple, unknown } from "../values.ts";

export interface UrlParts {
  scheme: string;
  netloc: string;
  path: string;
  query: string;
  fragment: string;
  username: string | null;
  password: string | null;
  hostname: string | null;
  port: number | null;
}

/** urllib.parse.urlsplit on text; null where reading the port raises ValueError. */
export function splitUrl(url: string): UrlParts {
  let rest = url;
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
  return {
    scheme: scheme?.[1]?.toLowerCase() ?? "",
    netloc,
    path: rest,
    query,
    fragment,
    username: user === null ? null : colon < 0 ? user : user.slice(0, colon),
    password: user === null || colon < 0 ? null : user.slice(colon + 1),
    hostname: address?.[1] ? address[1].replace(/^\[|\]$/g, "").toLowerCase() : null,
    port: address?.[2] ? Number(address[2]) : null,
  };
}

export function urlModule(m: Machine): Record<string, Value> {
  const onText = (name: string, make: (text: string) => Value): Value =>
    native(name, ([v = NONE]) =>
      pure(m, [v], ([o]) => {
        if (o?.t === "str" || o?.t === "bytes") return make(o.v);
        if (o?.t === "unknown") return unknown(o.reason, o.from ? { from: o.from } : {});
        return o?.t === "none" ? make("") : raise(m, "TypeError", "expected a str");
      }),
    );
  const parse = (text: string): Value => parsed(m, splitUrl(text));
  return {
    urlparse: onText("urlparse", parse),
    urlsplit: onText("urlsplit", parse),
    quote: onText("quote", (t) => str(encodeURIComponent(t).replace(/%2F/g, "/"))),
    quote_plus: onText("quote_plus", (t) => str(encodeURIComponent(t).replace(/%20/g, "+"))),
    unquote: onText("unquote", (t) => str(decoded(t))),
    unquote_plus: onText("unquote_plus", (t) => str(decoded(t.replace(/\+/g, " ")))),
    parse_qs: onText("parse_qs", (t) => query(m, t)),
    urljoin: native("urljoin", ([a = NONE, b = NONE]) =>
      pure(m, [a, b], ([x, y]) => {
        if (x?.t !== "str" || y?.t !== "str") return unknown("urljoin()", { type: "str", truthy: true });
        try {
          return str(new URL(y.v, x.v).href);
        } catch {
          return str(y.v.startsWith("/") ? y.v : x.v.replace(/[^/]*$/, "") + y.v);
        }
      }),
    ),
    urlencode: native("urlencode", () => unknown("urlencode()", { type: "str" })),
    uses_netloc: list([]),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function query(m: Machine, text: string): Value {
  const d = dict(m.pc);
  for (const [k, v] of new URLSearchParams(text)) {
    if (v === "") continue;
    const old = d.scope.slots.get(k);
    if (old?.t === "list" && old.content.t === "tuple") old.content = tuple([...old.content.items, str(v)]);
    else d.scope.slots.set(k, list([str(v)], m.pc));
  }
  return d;
}

function parsed(m: Machine, url: UrlParts): Value {
  const own = scope(m.pc);
  for (const [k, v] of Object.entries(url))
    own.slots.set(
      k,
      v === null ? NONE : typeof v === "number" ? (Number.isInteger(v) ? num(v) : unknown("a port")) : str(v),
    );
  own.slots.set(
    "geturl",
    native("geturl", () => unknown("geturl()", { type: "str", truthy: true })),
  );
  own.slots.set(
    "\0items",
    tuple([str(url.scheme), str(url.netloc), str(url.path), str(""), str(url.query), str(url.fragment)]),
  );
  const cls: Class = { t: "class", name: "ParseResult", bases: [], unknownBase: null, scope: scope() };
  return { t: "instance", cls, scope: own, id: 0 };
}
