import { expect, test } from "vitest";
import { lintText, SOUND } from "./judge-of.ts";

const lintWith = (SECRET: string, settings: string) =>
  lintText(`${SOUND}\nimport os\nS = os.environ["SECRET"]\n${settings}`, {
    environment: { SECRET },
    secrets: ["SECRET"],
  });

/** The pieces of a text of three characters that stand in what is said. */
function shownOf(secret: string, said: string): string[] {
  const pieces = [...secret].map((_, at) => secret.slice(at, at + 3)).filter((piece) => piece.length === 3);
  return pieces.filter((piece) => said.includes(piece));
}

test.each([
  ["kQ7!!@@##$$ %%^^&&**(( ))__++", "S"],
  ["kQ7!!@@##$$ %%^^&&**(( ))__++", "S.upper()"],
  ["kQ7!!@@##$$ %%^^&&**(( ))__++", "S[::-1]"],
  ["!!@@##$$ %%^^&&**(( ))__++", "S.lower()"],
  ["!@#x$%^ ~~~~||||<><> *&^%$#@!", "S.replace('x', 'y')"],
  ["correct yes horse no on battery off true staple", "S.title()"],
])("%s stays hidden in a message: %s", (secret, made) => {
  const { findings } = lintWith(secret, `ALLOWED_HOSTS = ["a.example", ${made}]`);
  const messages = findings.map(({ message }) => message).join("\n");
  expect(messages).toContain("ALLOWED_HOSTS");
  for (const text of [secret, secret.toUpperCase(), [...secret].reverse().join(""), secret.replace("x", "y")])
    expect(shownOf(text, messages).filter((piece) => /^[^\p{L}]*$/u.test(piece))).toEqual([]);
  if (/horse/.test(secret)) expect(messages).not.toMatch(/\b(?:Yes|No|On|Off|True) /);
});

test("a part of a secret that is marks alone is hidden in a value, a setting's own star and slash are not", () => {
  const { settings } = lintWith(
    "kQ7!!@@##$$ */%%^^&&**(( ))__++",
    `TAIL = S[-6:]\nROOTS = "/"\nANY = ["*"]\nKEY = S`,
  );
  expect(settings["TAIL"]?.value).toBe("***");
  expect(settings["KEY"]?.value).toBe("***");
  expect([settings["ROOTS"]?.value, settings["ANY"]?.value]).toEqual(["/", ["*"]]);
});
