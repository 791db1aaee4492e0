/** Lines for a person, with a sign of life when nothing new comes for a while. */
export interface Screen {
  /** The heading of an act, and what it shows. */
  act(title: string): void;
  line(text?: string): void;
  /** Something goes on whose lines come later: from now on a quiet screen shows the time. */
  busy(): void;
  rest(): void;
}

/** Without a terminal nothing can be redrawn: a line each time this long passed in silence. */
const silenceMs = 5000;

export function createScreen(out: NodeJS.WriteStream): Screen {
  const live = out.isTTY === true && process.env["TERM"] !== "dumb";
  const color = live && !process.env["NO_COLOR"];
  let timer: NodeJS.Timeout | null = null;
  let since = 0;
  let told = 0;
  let acts = 0;
  let drawn = false;

  const erase = () => {
    if (drawn) out.write("\r\x1b[K");
    drawn = false;
  };
  const line = (text = "") => {
    erase();
    out.write(`${wrap(text, live ? Math.max(40, out.columns || 80) : 80)}\n`);
    since = told = Date.now();
  };
  const tick = () => {
    const seconds = Math.round((Date.now() - since) / 1000);
    if (live && seconds >= 1) {
      erase();
      out.write(`    … ${seconds} s`);
      drawn = true;
    } else if (!live && Date.now() - told >= silenceMs) {
      told = Date.now();
      out.write(`    … ${seconds} s\n`);
    }
  };
  const rest = () => {
    if (timer) clearInterval(timer);
    timer = null;
    erase();
  };
  return {
    line,
    act(title) {
      acts++;
      line();
      const text = `${acts}. ${title}`;
      line(color ? `\x1b[1m${text}\x1b[0m` : text);
    },
    busy() {
      rest();
      since = told = Date.now();
      timer = setInterval(tick, 250);
    },
    rest,
  };
}

/** Up to where a step's line says what came of it: `  ✓ 127.0.0.1  venv   9.6 s  `. */
const columnsOfStep = /^ *[✓✗=-] .*? (?:ms|s|min) {2}(?=\S)/;

/** Breaks a long line between words; what follows stands below its column, or a little deeper. */
function wrap(text: string, columns: number): string {
  const lines: string[] = [];
  const start = columnsOfStep.exec(text)?.[0].length ?? (/^ */.exec(text)?.[0].length ?? 0) + 2;
  let rest = text;
  while (rest.length > columns) {
    // A word that is longer than the line stays whole: a path that was cut cannot be copied.
    const end = rest.lastIndexOf(" ", columns);
    const at = end > start ? end : rest.indexOf(" ", start);
    if (at < 0) break;
    lines.push(rest.slice(0, at));
    rest = " ".repeat(start) + rest.slice(at + 1);
  }
  return [...lines, rest].join("\n");
}
