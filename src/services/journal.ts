import { type Door, link } from "./door.ts";
import { placesOf, processUnitName, unitName } from "./wiring.ts";

/**
 * Prints the journal of the application's own units and no other's. It runs as root for the user that deploys, by one sudo
 * rule that allows no argument. One line on standard input says `NAME LINES` and `follow` or nothing; each is compared with
 * what is written here. What a service said just now may still be on its way: journald is waited for, at most 5 seconds.
 */
export function journalProgram(app: string, door: Door = link, processes: readonly string[] = []): string {
  const places = placesOf(door).map((place) => `  ${place}) unit=${unitName(app, place)} ;;\n`);
  const others = processes.map((name) => `  ${name}) unit=${processUnitName(app, name)} ;;\n`);
  return `set -u
export PATH=/usr/bin:/bin LC_ALL=C.UTF-8
read -r name lines follow || exit 2
case $name in
${places.join("")}${others.join("")}  *) echo "$0: this application has no service of that name" >&2; exit 2 ;;
esac
case $lines in "" | *[!0-9]* | ??????*) exit 2 ;; esac
case $follow in
  "")
    timeout 5 journalctl --sync >/dev/null 2>&1 </dev/null
    exec journalctl -q -u "$unit" -n "$lines" --no-pager -o cat </dev/null
    ;;
  follow) exec journalctl -q -u "$unit" -n "$lines" --no-pager -o cat -f </dev/null ;;
  *) exit 2 ;;
esac
`;
}
