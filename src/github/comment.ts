import type { Client } from "./client.ts";

/** GitHub refuses a comment of more characters. */
const longest = 65_536;
const cut = "\n\n…\n\n*The rest did not fit into a comment; it is in the summary of the run.*\n";

interface Comment {
  id: number;
  body?: string;
  user: { type: string } | null;
}

/**
 * Writes the one comment that carries `key`, or edits it in place. When two runs write at once, the older comment stays
 * and says the last word, the other goes. Rejects with GithubError.
 */
export async function writeSticky(
  client: Client,
  { number, key, body }: { number: number; key: string; body: string },
): Promise<void> {
  const marker = `<!-- django-deploy: ${key} -->`;
  const text = fitted(`${marker}\n${body}`);
  const [first] = await ours(client, number, marker);
  if (first) {
    await edit(client, first.id, text);
    return;
  }
  const route = "POST /repos/{owner}/{repo}/issues/{issue_number}/comments";
  const { id } = await client.call<Comment>(route, { issue_number: number, body: text }, { creates: true });
  const [oldest] = await ours(client, number, marker);
  if (!oldest || oldest.id === id) return;
  await edit(client, oldest.id, text);
  await client.call("DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}", { comment_id: id });
}

/** Comments of workflows with the marker, the oldest first. Somebody who quotes one does not become it. */
async function ours(client: Client, number: number, marker: string): Promise<Comment[]> {
  const found: Comment[] = [];
  for (let page = 1; page <= 20; page++) {
    const some = await client.call<Comment[]>("GET /repos/{owner}/{repo}/issues/{issue_number}/comments", {
      issue_number: number,
      per_page: 100,
      page,
    });
    found.push(...some.filter(({ body, user }) => user?.type === "Bot" && body?.startsWith(marker)));
    if (some.length < 100) break;
  }
  return found.sort((a, b) => a.id - b.id);
}

function edit(client: Client, id: number, body: string): Promise<unknown> {
  return client.call("PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}", { comment_id: id, body });
}

/** Cut at a line, with a word about it; an open fold is closed. */
function fitted(text: string): string {
  if (text.length <= longest) return text;
  const head = text.slice(0, longest - cut.length - 20);
  const lines = head.slice(0, Math.max(head.lastIndexOf("\n"), 0));
  const open = (lines.match(/<details>/g)?.length ?? 0) > (lines.match(/<\/details>/g)?.length ?? 0);
  return `${lines}${open ? "\n\n</details>" : ""}${cut}`;
}
