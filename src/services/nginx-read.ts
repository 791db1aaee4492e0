/** What one `server { … }` of nginx answers to. */
export interface ServerBlock {
  names: string[];
  ports: number[];
  isDefault: boolean;
}

/** The server blocks of a configuration file, as far as names and ports go. Includes are not followed. */
export function serverBlocks(text: string): ServerBlock[] {
  const blocks: ServerBlock[] = [];
  const open: (ServerBlock | null)[] = [];
  let statement: string[] = [];
  for (const token of tokens(text)) {
    if (token === "{") {
      const block = statement[0] === "server" ? { names: [], ports: [], isDefault: false } : null;
      if (block) blocks.push(block);
      open.push(block);
    } else if (token === "}") {
      open.pop();
    } else if (token !== ";") {
      statement.push(token);
      continue;
    } else {
      const block = open.at(-1);
      if (block) read(statement, block);
    }
    statement = [];
  }
  return blocks.map((block) => (block.ports.length === 0 ? { ...block, ports: [80] } : block));
}

function read([directive, ...words]: string[], block: ServerBlock): void {
  if (directive === "server_name") block.names.push(...words.map((name) => name.toLowerCase()));
  if (directive !== "listen") return;
  const port = /^unix:/.test(words[0] ?? "") ? null : (/(?:^|:)(\d+)$/.exec(words[0] ?? "")?.[1] ?? "80");
  if (port !== null) block.ports.push(Number(port));
  if (words.includes("default_server") || words.includes("default")) block.isDefault = true;
}

/** Words, strings without their quotes, and `{`, `}`, `;`. Comments are left out. */
function tokens(text: string): string[] {
  const pattern = /#[^\n]*|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[{};]|(?:\$\{[^}]*\}|[^\s{};])+/g;
  return (text.match(pattern) ?? [])
    .filter((token) => !token.startsWith("#"))
    .map((token) => (/^["']/.test(token) ? token.slice(1, -1) : token));
}
