import { fullHint, isFull } from "../../host/full.ts";

/** What a host's own tools say to root, and what to do about that. In the words of systemd 252 and coreutils 9. */
const known: readonly [says: RegExp, hint: (what: string) => string][] = [
  [/Unit (?:file )?(?:\S*\/)?([\w@.-]+) is masked/, (unit) => `systemctl unmask ${unit} on the host`],
];

/** undefined where nothing is known. */
export function systemHint(output: string): string | undefined {
  for (const [says, hint] of known) {
    const found = says.exec(output)?.[1];
    if (found) return `${hint(found)}; then run setup again: it goes on where it stopped`;
  }
  return isFull(output) ? fullHint : undefined;
}
