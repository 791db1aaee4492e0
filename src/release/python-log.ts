const frame = /^(\s*)File "([^"]+)", line \d+/;
const ofPython = /\/site-packages\/|\/lib\/python3[^/]*\/|^<frozen|\/\.djdeploy\//;

/** Our own questions in a server's access log. */
const ofProbe = /"GET [^"]*" \d+ .*"djdeploy"\s*$/;
const longestRepeat = 25;

/**
 * A log with its Python tracebacks cut down to what a person can act on: the frames of the project's own files, named
 * within the release, and the exception. Frames of Django and of Python itself are left out, what repeats stands once.
 */
export function projectLines(log: string): string {
  const kept: string[] = [];
  let skipped: number | null = null;
  for (const line of log.split(/\r?\n/)) {
    const match = frame.exec(line);
    const indent = line.length - line.trimStart().length;
    if (match) skipped = ofPython.test(match[2] ?? "") ? indent : null;
    else if (skipped !== null && (indent <= skipped || line.trim() === "")) skipped = null;
    if (skipped !== null || /^\s+[\^~]+\s*$/.test(line) || ofProbe.test(line)) continue;
    kept.push(line.replace(/\/[^\s"']*\/releases\/[^/\s"']+\/(?=[^\s"']*", line \d+)/, ""));
    dropRepeat(kept);
  }
  return kept.join("\n");
}

/** Takes the last lines away if the same lines stand right before them: a probe asks many times. */
function dropRepeat(lines: string[]): void {
  for (let length = 1; length <= longestRepeat && 2 * length <= lines.length; length++) {
    const end = lines.length - length;
    if (lines.slice(end).every((line, at) => line === lines[end - length + at])) {
      lines.length = end;
      return;
    }
  }
}
