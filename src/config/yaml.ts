import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type YAMLMap,
} from "yaml";
import { dotted, type Path, type Position, type Problem } from "./problems.ts";

/** A YAML file as plain values, with the place of every key and value. */
export interface Source {
  value: unknown;
  problems: Problem[];
  /** Where a key (or, with "value", what stands behind it) is; null when the file has no such path. */
  locate(path: Path, part: "key" | "value"): Position | null;
}

/** Enough for any real file, and a bound for aliases that multiply. */
const mostNodes = 20_000;

/**
 * Reads YAML 1.2 with anchors and merge keys. `isText` names the paths whose scalars are text as they are written
 * (`VERSION: 1.10` is "1.10"). Never throws: what is wrong with the text comes back as problems.
 */
export function readYaml(text: string, isText: (path: Path) => boolean): Source {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false, merge: true });
  const position = (offset: number): Position => {
    const { line, col } = counter.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const problems: Problem[] = [...document.errors, ...document.warnings].map(({ code, message, pos }) => ({
    ...syntax(code, message, text.slice(pos[0])),
    at: position(pos[0]),
  }));
  const places = new Map<string, { key: number; value: number }>();
  const locate: Source["locate"] = (path, part) => {
    const place = places.get(path.join("\0"));
    return place ? position(place[part]) : null;
  };
  if (problems.length > 0) return { value: null, problems, locate };

  let nodes = 0;
  const open = new Set<Node>();
  const complain = (node: Node, code: string, message: string, hint?: string) => {
    problems.push({ code, at: position(start(node)), message, ...(hint === undefined ? {} : { hint }) });
    return null;
  };

  function read(node: Node | null, path: Path, key: number): unknown {
    if (node === null) return null;
    places.set(path.join("\0"), { key, value: start(node) });
    if (++nodes > mostNodes) {
      if (nodes === mostNodes + 1) complain(node, "syntax", "the file is too large, or its aliases multiply");
      return null;
    }
    if (isScalar(node)) return scalar(node.value, node.source, path);
    if (open.has(node)) return complain(node, "syntax", `${dotted(path)} contains itself`);
    open.add(node);
    const value = isAlias(node)
      ? readAlias(node, path, key)
      : isSeq(node)
        ? node.items.map((item, i) => read(item as Node | null, [...path, i], start(item as Node | null)))
        : isMap(node)
          ? readMap(node, path)
          : null;
    open.delete(node);
    return value;
  }

  function readAlias(node: Node & { source: string }, path: Path, key: number): unknown {
    const target = resolve(document, node);
    if (target) return read(target, path, key);
    return complain(
      node,
      "syntax",
      `no anchor &${node.source} before *${node.source}`,
      `a value that begins with * stands in quotes: "*${node.source}"`,
    );
  }

  function readMap(map: YAMLMap, path: Path): unknown {
    const own: Record<string, unknown> = {};
    const merged: Record<string, unknown> = {};
    for (const pair of map.items) {
      const key = pair.key as Node | null;
      const name = isScalar(key) ? (key.source ?? (key.value === null ? null : String(key.value))) : null;
      const value = pair.value as Node | null;
      if (name === "<<") Object.assign(merged, readMerge(value, path));
      else if (!key || name === null || name === "" || name === "__proto__")
        complain(
          key ?? map,
          "syntax",
          "a key must be a plain word",
          'a value in brackets stands in quotes: "[::1]:22"',
        );
      else {
        own[name] = read(value, [...path, name], start(key));
        if (!value) places.set([...path, name].join("\0"), { key: start(key), value: start(key) });
      }
    }
    for (const name of Object.keys(merged)) if (!(name in own)) own[name] = merged[name];
    return own;
  }

  /** `<<: *base` or `<<: [*a, *b]`: the places of merged keys are where they are written, under the merging path. */
  function readMerge(node: Node | null, path: Path): Record<string, unknown> {
    const target = isAlias(node) ? resolve(document, node) : node;
    if (isSeq(target)) {
      const parts = target.items.map((item) => readMerge(item as Node, path));
      return Object.assign({}, ...parts.reverse());
    }
    if (isMap(target) && !open.has(target)) {
      open.add(target);
      const value = readMap(target, path) as Record<string, unknown>;
      open.delete(target);
      return value;
    }
    if (node) complain(node, "syntax", "<< merges a map: write <<: *anchor");
    return {};
  }

  function scalar(value: unknown, source: string | undefined, path: Path): unknown {
    if (typeof value === "bigint") return Number(value);
    const written = typeof value === "number" || typeof value === "boolean" || value instanceof Date;
    return written && source !== undefined && isText(path) ? source : value;
  }

  return { value: read(document.contents as Node | null, [], 0), problems, locate };
}

function start(node: Node | null): number {
  return node?.range?.[0] ?? 0;
}

function resolve(document: Document, node: Node): Node | null {
  return isAlias(node) ? ((node.resolve(document) as Node | undefined) ?? null) : null;
}

/** The parser's errors in our words, where its own would not help. */
function syntax(code: string, message: string, from: string): Pick<Problem, "code" | "message" | "hint"> {
  const rest = from.split("\n", 1)[0]!.trim();
  switch (code) {
    case "DUPLICATE_KEY":
      return { code: "duplicate-key", message: `the key ${/^[^\s:]*/.exec(rest)![0]} is given twice here` };
    case "TAB_AS_INDENT":
      return { code: "syntax", message: "a tab in the indentation", hint: "indent with two spaces" };
    case "MULTIPLE_DOCS":
      return { code: "syntax", message: "a second document begins here", hint: "remove the line ---" };
    case "TAG_RESOLVE_FAILED":
      return {
        code: "syntax",
        message: `the tag ${/^\S*/.exec(rest)![0]} means nothing here`,
        hint: "put the value in quotes",
      };
    default: {
      const known = inPlainWords.find(([pattern]) => pattern.test(message));
      if (known) return { code: "syntax", message: known[1], hint: known[2] };
      const [line] = message.split("\n", 1);
      return { code: "syntax", message: `not valid YAML: ${line!.charAt(0).toLowerCase()}${line!.slice(1)}` };
    }
  }
}

const inPlainWords: readonly [pattern: RegExp, message: string, hint: string][] = [
  [/end with a \]/, "a [ above is not closed", "close it with ]"],
  [/end with a \}/, "a { above is not closed", "close it with }"],
  [
    /Nested mappings are not allowed/,
    'a second ": " in one line',
    'a value that holds ": " stands in quotes',
  ],
  [/same column/, "indented differently from the keys above", "keys of one map begin in one column"],
  [/Implicit (map )?keys need to be/, "neither key: value nor part of the value above", "write key: value"],
  [/Missing closing .*quote/, "a quote is not closed", "close it in the same line"],
  [
    /Plain value cannot start with/,
    "a value begins with a character of YAML's own",
    "put the value in quotes",
  ],
];
