import { assignmentAt, textOf } from "./statement.ts";
import type { Fixer } from "./types.ts";

/** A list of hosts that comes from a text: blanks and empty parts go. */
export const hostsFixer: Fixer = (j, finding) => {
  if (!/^djdeploy\.allowed-hosts-(?:never-match|entry|split)$/.test(finding.id) || !finding.setting)
    return [];
  const name = finding.setting;
  const own = assignmentAt(j.evaluation, finding.file, finding.line, name);
  if (own?.value.nodeType !== "Call" || own.value.func.nodeType !== "Attribute") return [];
  if (!/^(?:split|list)$/.test(own.value.func.attr)) return [];
  const [start, end] = own.source.range(own.value);
  const value = `[host.strip() for host in ${textOf(own, own.value)} if host.strip()]`;
  return [
    {
      code: `${name} = ${value.replace(/\s*[\r\n]\s*/g, " ")}`,
      file: own.file,
      line: own.node.lineno,
      automatic: true,
      edits: [{ file: own.file, start, end, text: value }],
      sets: [name],
      // No host at all is then called by its name.
      reveals: ["security.W020"],
      variables: [],
    },
  ];
};
