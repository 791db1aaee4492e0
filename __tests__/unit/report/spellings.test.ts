import { expect, it } from "vitest";
import { createRedactor } from "../../../src/report/redact.ts";

const secret = "p4'ss\"w<o>r&d=1;2`3 a/b?c#d{e}|f^g+h@i:j-k[l]é~%!$z";
const upper = (char: string) => `\\u${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
const url = (given: Partial<Pick<URL, "username" | "password" | "pathname" | "search" | "hash">>) =>
  Object.assign(new URL("https://h.example/"), given).href;

// Each with the program that writes so.
it.each([
  ["Django's escapejs", secret.replace(/[\\'"<>&=\-;`\u2028\u2029]/g, upper)],
  [".NET's JSON", secret.replace(/["&'+<>`é]/g, upper)],
  ["the user of a URL", url({ username: secret })],
  ["the password of a URL", url({ password: secret })],
  ["the path of a URL", url({ pathname: `/${secret}` })],
  ["the query of a URL", url({ search: secret })],
  ["the fragment of a URL", url({ hash: secret })],
  ["URLSearchParams", new URLSearchParams({ a: secret }).toString()],
  [
    "requests' requote_uri",
    secret.replace(/[^A-Za-z0-9\-_.~!#$%&'()*+,/:;=?@[\]]/g, (char) => encodeURIComponent(char)),
  ],
])("%s", (_, text) => {
  const shown = createRedactor([secret])(`before ${text} behind`);
  expect(shown).toContain("***");
  expect(shown).not.toMatch(/p4|ss|1;2|g\+h/);
});
