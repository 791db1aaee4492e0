// Expressions of generated settings modules, as text. A template's holes name what goes into them.
import fc from "fast-check";
import { tabledTypes, typeAttribute, typeAttributes } from "../../../src/python/names/index.ts";

export type Text = fc.Arbitrary<string>;

/** What a hole may be: text, number, float, condition, list, tuple, dict, set, bytes, path, anything, a function. */
export type Kind = "s" | "n" | "f" | "b" | "l" | "t" | "d" | "z" | "y" | "p" | "a" | "g";

const KINDS: Kind[] = ["s", "n", "f", "b", "l", "t", "d", "z", "y", "p"];

/** Variables whose values the environment decides; the texts with which settings compare them. */
export const VARIABLES = ["A", "B", "ENV", "FLAG"];
const WORDS = [
  "",
  "a",
  "ab",
  "prod",
  "dev",
  "True",
  "1",
  "0",
  "x,y",
  " a b ",
  "A-b_c",
  "www.example.com",
  "10",
  "%s",
  "é",
];

const py = (text: string): string => JSON.stringify(text);
const of = (...texts: string[]): Text => fc.constantFrom(...texts);

/** Names that generated modules give values of a kind, at least at their start. */
export const NAMES: Record<Exclude<Kind, "a" | "g">, string[]> = {
  s: ["s1", "s2"],
  n: ["n1", "n2"],
  f: ["f1"],
  b: ["b1"],
  l: ["l1", "l2"],
  t: ["t1"],
  d: ["d1", "d2"],
  z: ["z1"],
  y: ["y1"],
  p: ["p1"],
};

const CONSTANTS: Record<Exclude<Kind, "a" | "g">, Text> = {
  s: fc.oneof(
    fc.constantFrom(...WORDS).map(py),
    of(
      "os.environ.get('A', '')",
      "os.environ.get('ENV', 'dev')",
      "os.getenv('B', '1')",
      "str(os.environ.get('FLAG'))",
    ),
  ),
  n: of("0", "1", "2", "-1", "3", "7", "10", "255", "-5", "len(os.environ.get('A', ''))"),
  f: of("0.5", "1.0", "-2.5", "1e3", "0.1", "2.675"),
  b: fc.oneof(
    of("True", "False", "'A' in os.environ", "None"),
    fc.constantFrom(...VARIABLES).map((v) => `os.environ.get(${py(v)}) == 'prod'`),
    fc.constantFrom(...VARIABLES).map((v) => `bool(os.environ.get(${py(v)}))`),
  ),
  l: of("[]", "[1, 2]", "['a', 'b']", "[3, 1, 2]", "[[1], []]", "os.environ.get('A', 'x,y').split(',')"),
  t: of("()", "(1,)", "('a', 'b')", "(1, 'a')"),
  d: of(
    "{}",
    "{'a': 1}",
    "{'a': [1], 'b': None}",
    "{1: 'x', 2: 'y'}",
    "dict(os.environ.get('A') and {'a': 2} or {})",
  ),
  z: of("set()", "{1}", "{1, 2}", "{'a'}", "{'a', 'b'}"),
  y: of("b''", "b'ab'", "b'YWI='", "b'a,b'"),
  p: of("Path('a/b.txt')", "Path('/srv/site')", "Path(__file__).resolve().parent", "Path('.')"),
};

/** Templates by the kind of what they give; every hole is `{kind}`. */
const TEMPLATES: Record<Kind, string[]> = {
  s: `{s} + {s}|{s} % {a}|"%s-%d" % ({a}, {n})|"{}:{}".format({a}, {s})|"{0}{x!r}".format({a}, x={a})|f"{x1}x"|f"{s1!r}{n1:03d}"|f"{f1:.2f}"|f"{s2:>5}"|f"{l1}{d1}"|f"{c1.name}-{t1[0]}"|f"{n1 + n2:,}"|f"{s1.upper():^{n1}}"|str({a})|repr({a})|{s}[{n}]|{s}[{n}:{n}]|{s}[::{n}]|{s}.join({l})|",".join(map(str, {l}))|{s} * {n}|{s} or {s}|{s} and {s}|{s} if {b} else {s}|(lambda x, y={s}: x + y)({s})|os.path.join({s}, {s})|os.path.basename({s})|os.path.dirname({s})|os.path.splitext({s})[0]|os.path.normpath({s})|str({p} / {s})|{p}.name|{p}.suffix|{p}.as_posix()|re.sub(r"[a-c]+", {s}, {s})|json.dumps({d})|{y}.decode()|textwrap.dedent({s})|quote({s})|unquote({s})|urlparse({s}).scheme|{s}.translate(str.maketrans("ab", "xy"))|string.digits[{n}]|type({a}).__name__|next(iter({l}), {s})|max({l}, key=str)|"".join(sorted({s}))|{d}.get({s}, {s})|chr(abs({n}) + 65)|hex({n})|base64.b64encode({y}).decode()|hashlib.md5({y}).hexdigest()|string.Template("$x").substitute(x={s})|format({n}, "04d")|str({b})|Color.RED.value|Color("g").name|c1.name|c1.shown()|C1.make({s}).name|f_default({s})|f_kw(x={s})`.split(
    "|",
  ),
  n: `{n} + {n}|{n} - {n}|{n} * {n}|{n} // {n}|{n} % {n}|-{n}|~{n}|abs({n})|len({a})|len({l})|len({s})|int({s})|int({f})|int({s}, 16)|ord({s}[0])|sum({l})|max({n}, {n})|min([{n}, {n}])|round({f})|{n} if {b} else {n}|{l}.index({a})|{l}.count({a})|{s}.find({s})|{s}.count({s})|{n} & {n}|{n} | {n}|{n} ^ {n}|{n} << 2|{n} >> 1|{n} ** 2|divmod({n}, {n})[0]|{b} + {n}|{n}.bit_length()|timedelta(days={n}).days|reduce(lambda a, b: a + b, [1, {n}])|sum(x for x in range({n}))|next(it1, {n})|len({z})|len({d})|sum(1 for _ in {l})|int.from_bytes({y}, "big")|{d}.get({s}, {n})|c1.count|calls.append({n}) or len(calls)|f_count()|bool({a}) + 1|{t}.count({a})|{y}[{n}]|counter({n})`.split(
    "|",
  ),
  f: `{f} + {f}|{f} * {n}|{n} / {n}|float({s})|float({n})|round({f}, 1)|{f} // {f}|{f} % {f}|-{f}|abs({f})|timedelta(hours={n}).total_seconds()|math.floor({f}) + 0.5|{f} if {b} else {f}|{f} ** {n}|sum([{f}, {f}])|max({f}, {n})`.split(
    "|",
  ),
  b: `{a} == {a}|{s} == {s}|{n} < {n}|{n} >= {f}|{s} < {s}|{l} < {l}|{s} in {s}|{a} in {l}|{s} in {d}|{n} not in {t}|{a} in {z}|not {a}|{b} and {b}|{b} or {b}|{a} is None|{s} is not None|isinstance({a}, str)|isinstance({a}, (int, list))|isinstance({a}, dict)|bool({a})|any({l})|all({l})|{s}.startswith({s})|{s}.endswith(("a", {s}))|{s}.isdigit()|{s}.isalpha()|{s}.isupper()|{l} == {l}|{d} == {d}|{z} == {z}|{z} <= {z}|{t} == {t}|callable({a})|hasattr({a}, "append")|hasattr({a}, "nope")|1 < {n} < 5|{s}.lower() in ("1", "true", "prod")|{s} != {s}|bool(re.match(r"a+", {s}))|bool(re.search({s}, {s}))|{p}.is_absolute()|os.path.isabs({s})|{b} ^ {b}|{b} == {n}|(w1 := {a}) == w1|C1("a") == C1("a")|P1(1) == P1({n})|"a" in {s}.split(",")|any(x == {s} for x in {l})|{s}.strip().lower() == "true"|Color.RED == {s}|{l} is l1|{s}.isidentifier()|{z}.isdisjoint({l})|bool(it1)|issubclass(C2, C1)|isinstance(c1, C2)|c1 is c1|{p} == {p}|{y} == {y}|{y}.startswith(b"a")|len({a}) > {n}|{t} < {t}|Flags({b})`.split(
    "|",
  ),
  l: `[{a}]|[{a}, {a}]|[*{l}, {a}]|[*{t}]|{l} + {l}|{l}[{n}:]|{l}[:{n}]|{l}[::-1]|{l} * {n}|list({a})|list({l})|sorted({l})|sorted({l}, reverse={b})|sorted({l}, key=str)|list(reversed({l}))|{s}.split({s})|{s}.split()|{s}.split(",", {n})|{s}.splitlines()|{s}.rsplit("a", 1)|[x for x in {l}]|[x for x in {l} if x]|[str(x) for x in {l} if x != {a}]|[x.strip() for x in {s}.split(",") if x.strip()]|[(x, y) for x in {l} for y in {l}]|list({d})|list({d}.items())|list({d}.values())|list({d}.keys())|list(map(str, {l}))|list(map(str.upper, {s}))|list(filter(None, {l}))|list(zip({l}, {s}))|list(enumerate({l}))|list(range({n}))|list(range({n}, {n}))|list(dict.fromkeys({l}))|list(chain({l}, {t}))|list({z})|sorted({z})|sorted(set({l}))|{l} or {l}|{l} if {b} else {l}|{l}.copy()|copy.deepcopy({l})|json.loads('[1, "a", 2.0]')|ast.literal_eval("[1, 2]")|re.findall(r"[a-z]", {s})|re.split(r",", {s})|list(g1({l}))|list(g2({n}))|[*g2(2)]|list(it1)|[y for x in {l} if (y := x)]|list({s})|list({y})|[len(x) for x in {l}]|f_args({a}, *{l})|list(islice({l}, 2))|list({p}.parts)|[m.value for m in Color]|[i for i, x in enumerate({l}) if x]|[*map(lambda x: (x, {a}), {l})]|f_list({a})|sum([{l}, {l}], [])|[[] for _ in range(2)]|[[]] * 2`.split(
    "|",
  ),
  t: `({a},)|({a}, {a})|tuple({l})|{t} + {t}|{t}[{n}:]|{t} * 2|{s}.partition({s})|{s}.rpartition(",")|divmod({n}, {n})|(*{l}, {a})|{t} if {b} else {t}|tuple(x for x in {l})|os.path.splitext({s})|tuple({d}.items())|tuple(sorted({l}))|os.path.split({s})|tuple(urlparse({s}))[:2]|{p}.parts|f_ret({a})`.split(
    "|",
  ),
  d: `{{s}: {a}}|{**{d}, {s}: {a}}|{{s}: {a}, {n}: {a}}|dict({d})|dict({d}, x={a})|dict(a={a}, b={a})|{d} | {d}|dict(zip({l}, {l}))|dict.fromkeys({l}, {a})|{k: v for k, v in {d}.items()}|{x: {a} for x in {l}}|{k: v for k, v in {d}.items() if v}|{d}.copy()|copy.deepcopy({d})|{d} if {b} else {d}|json.loads('{"a": 1, "b": [true, null]}')|dict(OrderedDict({d}))|dict(dd1)|f_kwargs(**{d})|f_kwargs(x={a}, **{d})|vars(c1).copy()|dict([({s}, {a})])|{str(k): v for k, v in sorted({d}.items(), key=str)}|dict(enumerate({l}))|{"a": {d}, "b": {l}}|{} if {b} else {d}`.split(
    "|",
  ),
  z: `{{a}}|{{a}, {a}}|set({l})|{z} | {z}|{z} & {z}|{z} - {z}|{z} ^ {z}|{x for x in {l}}|{z} if {b} else {z}|frozenset({l})|{z}.union({l})|{z}.intersection({l})|{z}.difference({t})|set({d})|{z}.copy()|set({s})|set({d}.keys())|{d}.keys() & {z}`.split(
    "|",
  ),
  y: `{s}.encode()|{y} + {y}|{y}[{n}:]|bytes.fromhex("6162")|base64.b64decode({y})|{y}.replace(b"a", b"b")|{y} * 2|{y}.upper()|b"-".join([{y}])|{s}.encode("ascii")|bytes({s}, "utf-8")|{y}.strip()`.split(
    "|",
  ),
  p: `{p} / {s}|{p}.parent|Path({s})|{p}.joinpath({s})|{p}.with_suffix(".py")|{p}.parents[{n}]|{p}.with_name("x")|Path({s}) / {s} / {s}|{p} if {b} else {p}|Path({p}, {s})`.split(
    "|",
  ),
  g: `str|int|len|list|bool|repr|sorted|str.upper|str.strip|lambda x: x|lambda x: {a}|lambda *x: x|f_ret|f_default|partial(f_default, {a})|dict.get|tuple|set|dict|type|{d}.get|{l}.count|{s}.join|C1`.split(
    "|",
  ),
  a: `{s}|{n}|{f}|{b}|{l}|{t}|{d}|{z}|{y}|{p}|None|{a} if {b} else {a}|{a} or {a}|{a} and {a}|{l}[{n}]|{t}[{n}]|{d}[{s}]|{d}.get({s})|{d}.get({s}, {a})|{d}.pop({s}, {a})|{d}.setdefault({s}, {a})|{l}.pop()|{l}.pop({n})|getattr({a}, "name", {a})|getattr(c1, {s}, {a})|next(iter({l}))|next(it1)|next((x for x in {l} if x), {a})|max({l})|min({l}, default={a})|({g})({a})|({g})({a}, {a})|json.loads({s})|ast.literal_eval({s})|copy.copy({a})|os.environ.get({s})|os.environ[{s}]|dd1[{s}]|c1.data|C2.kind|m1.group(0)|{a} + {a}|{a} * {a}|{a} - {a}|{a} % {a}|{a} | {a}|{a} / {a}|{a}[{a}]|reduce({g}, {l})|eval("1 + 1")|globals().get({s})|(lambda: {a})()|[{a} for _ in range(1)][0]|{"k": {a}}["k"]|(x1 := {a})|dq1[0]|dq1.popleft()|op.itemgetter(0)({l})|op.add({a}, {a})|f_try({a})|cp1.get({s}, {s}, fallback={a})|cp1.get({s}, {s}, raw={b})|cp2.get({s}, {s})|cp1.getboolean({s}, {s}, fallback={b})|cp1.getint({s}, {s})|cp1[{s}].get({s})|cp1.sections()|cp1.options({s})|cp1.has_option({s}, {s})|{s} in cp1|list(cp1["a"].items())|len(cp2)|str(ipaddress.ip_address("10.0.0." + str({n})))|str(ip1[{n}])|ipaddress.ip_network({s} + "/" + str({n}))|int({a})|float({a})|str({a}).strip()|{a}.real|min({a}, {a})|dict({a})|set({a})|tuple({a})|sorted({a})`.split(
    "|",
  ),
};

const HOLE = /\{([snfbltdzypag])\}/g;

/** An arbitrary that fills a template's holes. */
function filled(template: string, holes: Record<Kind, Text>): Text {
  const kinds = [...template.matchAll(HOLE)].map((m) => m[1] as Kind);
  if (kinds.length === 0) return fc.constant(template);
  return fc.tuple(...kinds.map((k) => holes[k])).map((parts) => {
    let n = 0;
    return template.replace(HOLE, () => group(parts[n++] as string));
  });
}

/** In brackets where an operator outside could tear it apart. */
const group = (text: string): string =>
  /^[\w.]+$|^[bf]?"[^"]*"$|^\w+\([^()]*\)$|^\[[^[\]]*\]$/.test(text) ? text : `(${text})`;

/** Every method of Python's own types, called with anything. */
function methodCalls(holes: Record<Kind, Text>): Text {
  const by: [Kind, string][] = [
    ["s", "str"],
    ["n", "int"],
    ["f", "float"],
    ["b", "bool"],
    ["l", "list"],
    ["t", "tuple"],
    ["d", "dict"],
    ["z", "set"],
    ["y", "bytes"],
    ["p", "PurePosixPath"],
  ];
  const all = by.flatMap(([kind, type]) =>
    (tabledTypes().includes(type) ? typeAttributes(type) : [])
      .filter(
        (name) =>
          typeAttribute(type, name)?.always &&
          !/^__(reduce|new|init|class|dir|sizeof|subclass|getstate|getattribute|setattr|delattr|doc|hash|format|fspath|bytes|getnewargs|weakref|dict|module|del|getformat|alloc)/.test(
            name,
          ),
      )
      .map((name) => ({ kind, name, type })),
  );
  const args = fc.oneof(
    fc.constant(""),
    holes.a,
    fc.tuple(holes.a, holes.a).map((a) => a.join(", ")),
    holes.s,
    fc.tuple(holes.s, holes.s).map((a) => a.join(", ")),
    holes.n,
    holes.l,
  );
  return fc.tuple(fc.constantFrom(...all), fc.constantFrom(0, 1, 2)).chain(([{ kind, name, type }, how]) => {
    const self = holes[kind].map(group);
    if (how === 0 && type !== "PurePosixPath")
      return fc.tuple(self, args).map(([o, a]) => `${type}.${name}(${o}${a ? `, ${a}` : ""})`);
    const called = typeAttribute(type, name)?.has === "method";
    return fc.tuple(self, args).map(([o, a]) => (called ? `${o}.${name}(${a})` : `${o}.${name}`));
  });
}

/** Functions of the standard library that have no effect outside and the same result everywhere. */
const FUNCTIONS =
  `math.ceil math.floor math.sqrt math.gcd math.isnan math.prod op.add op.contains op.eq op.getitem op.not_ op.concat op.truth
textwrap.shorten textwrap.wrap textwrap.indent string.capwords os.path.commonprefix os.path.isabs os.path.normcase os.path.split os.path.relpath
itertools.accumulate itertools.repeat itertools.zip_longest itertools.product itertools.groupby itertools.starmap functools.partial functools.reduce
collections.Counter collections.OrderedDict collections.deque collections.defaultdict collections.ChainMap collections.namedtuple
urllib.parse.urljoin urllib.parse.urlsplit urllib.parse.parse_qs urllib.parse.urlencode urllib.parse.quote_plus urllib.parse.parse_qsl urllib.parse.unquote_plus
base64.b64encode base64.b64decode base64.urlsafe_b64encode base64.b16decode json.dumps json.loads re.escape re.compile re.fullmatch re.findall
datetime.timedelta datetime.date hashlib.sha256 hashlib.new statistics.mean fractions.Fraction decimal.Decimal uuid.UUID ipaddress.ip_address
copy.copy copy.deepcopy ast.literal_eval html.escape html.unescape shlex.split shlex.quote fnmatch.fnmatch keyword.iskeyword bisect.bisect heapq.nsmallest heapq.heapify
abs all any ascii bin bool bytearray bytes callable chr complex dict divmod enumerate filter float format frozenset getattr hasattr hex int isinstance
issubclass iter len list map max memoryview min next oct ord pow range repr reversed round set slice sorted str sum tuple type zip hash`.split(
    /\s+/,
  );

function functionCalls(holes: Record<Kind, Text>): Text {
  const args = fc.oneof(
    holes.a,
    fc.tuple(holes.a, holes.a).map((a) => a.join(", ")),
    holes.l,
    holes.s,
    fc.tuple(holes.s, holes.s).map((a) => a.join(", ")),
    fc.tuple(holes.g, holes.l).map((a) => a.join(", ")),
  );
  return fc.tuple(fc.constantFrom(...FUNCTIONS), args).map(([f, a]) => `${f}(${a})`);
}

/** Arbitrary expressions by kind. */
export const expressions: Record<Kind, Text> = fc.letrec<Record<Kind, string>>((tie) => {
  const holes = Object.fromEntries([...KINDS, "a", "g"].map((k) => [k, tie(k as Kind)])) as Record<
    Kind,
    Text
  >;
  const grown = (kind: Kind, leaf: Text, ...more: { weight: number; arbitrary: Text }[]): Text =>
    fc.oneof(
      { maxDepth: 2, depthIdentifier: "expression", withCrossShrink: true },
      { weight: 4, arbitrary: leaf },
      { weight: 5, arbitrary: fc.constantFrom(...TEMPLATES[kind]).chain((t) => filled(t, holes)) },
      ...more,
    );
  const own = (kind: Exclude<Kind, "a" | "g">): Text =>
    grown(kind, fc.oneof(of(...NAMES[kind]), CONSTANTS[kind]));
  const any = fc.oneof(
    of("None", "e1", "e2", "x1", "c1", "it1"),
    ...Object.values(CONSTANTS),
    ...Object.values(NAMES).map((n) => of(...n)),
  );
  return {
    ...(Object.fromEntries(KINDS.map((k) => [k, own(k as Exclude<Kind, "a" | "g">)])) as Record<
      Exclude<Kind, "a" | "g">,
      Text
    >),
    a: grown(
      "a",
      any,
      { weight: 2, arbitrary: methodCalls(holes) },
      { weight: 1, arbitrary: functionCalls(holes) },
    ),
    g: grown("g", of("str", "len", "lambda x: x")),
  };
});
