/** One word for a POSIX shell. */
export function quote(word: string): string {
  return /^[A-Za-z0-9_/.:=@%+,-]+$/.test(word) ? word : `'${word.replace(/'/g, "'\\''")}'`;
}

export function commandLine(argv: string[]): string {
  return argv.map(quote).join(" ");
}
