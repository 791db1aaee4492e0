import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLMap,
} from "yaml";
import { clipped, visibleLine } from "../report/visible.ts";
import { dotted, type Path, type Position, type Problem } from "./problems.ts";
import { syntaxProblem } from "./syntax.ts";
import { tooLarge, yamlBounds } from "./yaml-bounds.ts";

/** A YAML file as plain values, with the place of every key and value. */
export interface Source {
  value: unknown;
  problems: Problem[];
  /** Where a key (or, with "value", what stands behind it) is; null when the file has no such path. */
  locate(path: Path, part: "key" | "value"): Position | null;
}

/** Enough for any real file, and a bound for aliases that multiply. */
const mostNodes = 20_000;
/** A file with a mistake in each line is told of the first. */
const mostProblems = 100;

/**
 * Reads YAML 1.2 with anchors and merge keys. `isText` names the paths whose scalars are text as they are written
 * (`VERSION: 1.10` is "1.10"). Never throws: what is wrong with the text comes back as problems.
 */
export function readYaml(text: string, isText: (path: Path) => boolean): Source {
  const counter = new LineCounter();
  const unreadable = yamlBounds(text);
  if (unreadable) return { value: null, problems: [unreadable], locate: () => null };
  // Keys that are given twice are found below: the parser compares each with each.
  const document = parseDocument(text, {
    lineCounter: counter,
    prettyErrors: false,
    merge: true,
    uniqueKeys: false,
  });
  const position = (offset: number): Position => {
    const { line, col } = counter.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const problems: Problem[] = [...document.errors, ...document.warnings]
    .slice(0, mostProblems)
    .map(({ code, message, pos }) => ({
      ...syntaxProblem(code, message, text.slice(pos[0], pos[0] + 200)),
      at: position(pos[0]),
    }));
  const places = new Map<string, { key: number; value: number }>();
  const locate: Source["locate"] = (path, part) => {
    const place = places.get(path.join("\0"));
    return place ? position(place[part]) : null;
  };
  if (problems.length > 0) return { value: null, problems, locate };

  const anchors = anchorsOf(document);
  let nodes = 0;
  const countOne = () => {
    if (++nodes > mostNodes) throw new TooLarge();
  };
  const open = new Set<Node>();
  const complain = (node: Node, code: string, message: string, hint?: string) => {
    problems.push({ code, at: position(start(node)), message, ...(hint === undefined ? {} : { hint }) });
    return null;
  };

  function read(node: Node | null, path: Path, key: number): unknown {
    if (node === null) return null;
    places.set(path.join("\0"), { key, value: start(node) });
    countOne();
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
    const target = anchors.get(node);
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
        if (Object.hasOwn(own, name))
          complain(key, "duplicate-key", `the key ${visibleLine(clipped(name, 80))} is given twice here`);
        own[name] = read(value, [...path, name], start(key));
        if (!value) places.set([...path, name].join("\0"), { key: start(key), value: start(key) });
      }
    }
    for (const name of Object.keys(merged)) if (!Object.hasOwn(own, name)) own[name] = merged[name];
    return own;
  }

  /** `<<: *base` or `<<: [*a, *b]`: the places of merged keys are where they are written, under the merging path. */
  function readMerge(node: Node | null, path: Path): Record<string, unknown> {
    countOne();
    const target = isAlias(node) ? anchors.get(node) : node;
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

  try {
    return { value: read(document.contents as Node | null, [], 0), problems, locate };
  } catch (error) {
    if (!(error instanceof TooLarge)) throw error;
    return { value: null, problems: [tooLarge], locate };
  }
}

class TooLarge extends Error {}

function start(node: Node | null): number {
  return node?.range?.[0] ?? 0;
}

/** What each alias stands for: the last anchor of its name above it. Found in one walk; the parser walks for each. */
function anchorsOf(document: Document): Map<unknown, Node> {
  const last = new Map<string, Node>();
  const found = new Map<unknown, Node>();
  visit(document, {
    Alias(_, node) {
      const target = last.get(node.source);
      if (target) found.set(node, target);
    },
    Value(_, node) {
      if (node.anchor) last.set(node.anchor, node);
    },
  });
  return found;
}
