/** What a host is, of the variables of PEP 508; its Python is not known yet, and at least the oldest that is supported. */
const known: Record<string, string> = {
  os_name: "posix",
  sys_platform: "linux",
  platform_system: "Linux",
  platform_python_implementation: "CPython",
  implementation_name: "cpython",
  extra: "",
};
const oldest = [3, 8];

type Truth = boolean | null;

/**
 * Whether an environment marker (`sys_platform == "win32"`) rules a requirement out on every host. null and true: it may be
 * installed. A marker that is not understood rules nothing out.
 */
export function rulesOut(marker: string): boolean {
  const words = [...marker.matchAll(/"[^"]*"|'[^']*'|[<>=!~]=?=?|[()]|\w+/g)].map(([word]) => word);
  let at = 0;
  const either = (): Truth => {
    let value = both();
    while (words[at] === "or") {
      at++;
      const other = both();
      value = value === true || other === true ? true : value === null || other === null ? null : false;
    }
    return value;
  };
  const both = (): Truth => {
    let value = one();
    while (words[at] === "and") {
      at++;
      const other = one();
      value = value === false || other === false ? false : value === null || other === null ? null : true;
    }
    return value;
  };
  const one = (): Truth => {
    if (words[at] === "(") {
      at++;
      const value = either();
      at++;
      return value;
    }
    const left = words[at++] ?? "";
    const no = words[at] === "not" ? "not " : "";
    if (no) at++;
    const operator = `${no}${words[at++] ?? ""}`;
    return compare(left, operator, words[at++] ?? "");
  };
  const value = either();
  return value === false && at === words.length;
}

const text = (word: string): string | null => (/^["']/.test(word) ? word.slice(1, -1) : null);
const turned: Record<string, string> = { "<": ">", ">": "<", "<=": ">=", ">=": "<=" };

function compare(left: string, operator: string, right: string): Truth {
  const [name, value, word] =
    text(left) === null ? [left, right, operator] : [right, left, turned[operator] ?? operator];
  const literal = text(value);
  if (literal === null) return null;
  if (name === "python_version" || name === "python_full_version") return ofPython(word, literal);
  const own = known[name];
  if (own === undefined) return null;
  switch (word) {
    case "==":
      return own === literal;
    case "!=":
      return own !== literal;
    // `"linux" in sys_platform`, and `sys_platform in "linux darwin"`: which is which is told by the side.
    case "in":
      return text(left) === null ? literal.includes(own) : own.includes(literal);
    case "not in":
      return text(left) === null ? !literal.includes(own) : !own.includes(literal);
    default:
      return null;
  }
}

/** Only what every supported Python says is known. */
function ofPython(operator: string, literal: string): Truth {
  const wanted = /^(\d+)(?:\.(\d+))?/.exec(literal);
  if (!wanted || /[*]/.test(literal)) return null;
  const [major, minor] = [Number(wanted[1]), Number(wanted[2] ?? 0)];
  const [first = 0, second = 0] = oldest;
  const older = major < first || (major === first && minor < second);
  if (operator === ">=" || operator === ">" || operator === "!=") return older ? true : null;
  if (operator === "<" || operator === "==" || operator === "<=") {
    return older ||
      (operator === "<" && major === first && minor === second && !/\d\.\d+\.[1-9]/.test(literal))
      ? false
      : null;
  }
  return null;
}
