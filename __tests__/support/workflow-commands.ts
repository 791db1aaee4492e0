/**
 * A model of how GitHub's runner reads a step's output, written after actions/runner (ActionCommand.cs,
 * OutputManager.cs, ProcessInvoker.cs). Lines are those of .NET's StreamReader. A line is a command when it begins with
 * `::name …::` after every white space of Unicode, or holds `##[name …]` anywhere. The runner compares by the rules of
 * a culture, where characters without a weight are not there; in a container without ICU it compares code by code.
 */
export interface WorkflowCommand {
  name: string;
  properties: Record<string, string>;
  data: string;
}

const registered = new Set([
  ...["add-mask", "add-matcher", "add-path", "debug", "echo", "endgroup", "error", "group", "notice"],
  ...["remove-matcher", "save-state", "set-env", "set-output", "stop-commands", "warning"],
]);

/** Every command in a text, whichever way the runner compares. */
export function commandsIn(text: string): WorkflowCommand[] {
  const lines = text.split(/\r\n|\r|\n/);
  return lines.flatMap((line) => parse(line, cultural) ?? parse(line, ordinal) ?? []);
}

/** Where a key begins at or after a place, and where it ends; null where it is not. */
type Find = (text: string, key: string, from: number) => { begin: number; end: number } | null;

const ordinal: Find = (text, key, from) => {
  const begin = text.indexOf(key, from);
  return begin < 0 ? null : { begin, end: begin + key.length };
};

const cultural: Find = (text, key, from) => {
  const between = "[\\p{C}\\p{Default_Ignorable_Code_Point}]*";
  const pattern = [...key].map((char) => char.replace("[", "\\[")).join(between);
  const found = new RegExp(`${between}${pattern}`, "u").exec(text.slice(from));
  if (!found) return null;
  return { begin: from + found.index, end: from + found.index + found[0].length };
};

function parse(line: string, find: Find): WorkflowCommand | null {
  return current(trimStart(line), find) ?? older(line, find);
}

function current(line: string, find: Find): WorkflowCommand | null {
  const head = find(line, "::", 0);
  if (head?.begin !== 0) return null;
  const end = find(line, "::", head.end);
  return end && command(line.slice(head.end, end.begin), ",", line.slice(end.end));
}

function older(line: string, find: Find): WorkflowCommand | null {
  const head = find(line, "##[", 0);
  const end = head ? line.indexOf("]", head.end) : -1;
  return head && end >= 0 ? command(line.slice(head.end, end), ";", line.slice(end + 1)) : null;
}

function command(info: string, separator: string, data: string): WorkflowCommand | null {
  const blank = info.indexOf(" ");
  const name = (blank < 0 ? info : info.slice(0, blank)).toLowerCase();
  if (!registered.has(name)) return null;
  const pairs =
    blank < 0
      ? []
      : info
          .slice(blank + 1)
          .trim()
          .split(separator);
  const properties: Record<string, string> = {};
  for (const pair of pairs) {
    const [key, ...value] = pair.split("=");
    if (key && value.join("=") !== "") properties[key] = unescaped(value.join("="));
  }
  return { name, properties, data: unescaped(data) };
}

function unescaped(text: string): string {
  const codes: Record<string, string> = { "0D": "\r", "0A": "\n", "3A": ":", "2C": ",", "25": "%" };
  return text.replace(/%(0D|0A|3A|2C|25)/g, (_, code: string) => codes[code]!);
}

/** .NET's String.TrimStart: the white space of Unicode. */
function trimStart(text: string): string {
  return text.replace(/^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/, "");
}
