import type { ErrorDetails } from "../../errors.ts";
import { fullHint } from "../../host/full.ts";

const again = "run setup again: it goes on where it stopped";

/** What the kernel says of a file (strerror of glibc), what was expected instead, and what to do. */
const known: readonly { says: string; expected: string; hint: (path: string) => string }[] = [
  {
    says: "Read-only file system",
    expected: "a file system that can be written to",
    hint: (path) =>
      `findmnt -T ${path} names the mount; for as long as setup takes: mount -o remount,rw MOUNT (or umount it). Then ${again}`,
  },
  ...["Operation not permitted", "Permission denied"].map((says) => ({
    says,
    expected: "a file whose owner root may change",
    hint: (path: string) =>
      `a network file system may make root nobody (root_squash: export it with no_root_squash for as long as setup takes, or give the files away on its server); else lsattr ${path}, and chattr -i where it shows an i. Then ${again}`,
  })),
  ...["No space left on device", "Disk quota exceeded"].map((says) => ({
    says,
    expected: "room for what setup writes",
    hint: () => `${fullHint}. Then ${again}`,
  })),
  {
    says: "Stale file handle",
    expected: "a network file system whose server knows its files",
    hint: (path) => `mount it anew (findmnt -T ${path} names it). Then ${again}`,
  },
];

/** The details of an error by the sentence of a script that met one of these; {} for any other. */
export function fileSaid(sentence: string): ErrorDetails {
  const found = known.find(({ says }) => sentence.includes(says));
  if (!found) return {};
  // `mv: cannot move 'A' to 'B': …` is about B.
  const before = sentence.slice(0, sentence.indexOf(found.says));
  const path = [...before.matchAll(/'(\/[^']+)'|(\/[^\s:'"]+)/g)].at(-1);
  if (!path) return {};
  const at = path[1] ?? path[2]!;
  return { at, expected: found.expected, seen: found.says, hint: found.hint(at) };
}
