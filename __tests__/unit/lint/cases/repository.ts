import type { Options, RuleCase } from "./case.ts";

const files = (
  raising: Record<string, string>,
  near: Record<string, string>,
): Options & { near: Options } => ({
  tree: raising,
  near: { tree: near },
});
const token = `ghp_${"a1B2".repeat(9)}`;
const workflow = ".github/workflows/deploy.yml";

const german = "locale/de/LC_MESSAGES/django";
const catalogue = (text: string) =>
  `msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n#: a.py:1\nmsgid "Yes"\nmsgstr "${text}"\n`;

/** A `.mo` as msgfmt writes it, on machines of either byte order. */
function machineObject(messages: [id: string, text: string][], little = true): Uint8Array {
  const texts = [...messages.map(([id]) => id), ...messages.map(([, text]) => text)].map((text) =>
    Buffer.from(text),
  );
  const [table, head] = [28, Buffer.alloc(28 + texts.length * 8)];
  const put = (at: number, value: number) =>
    little ? head.writeUInt32LE(value, at) : head.writeUInt32BE(value, at);
  const fields = [0x950412de, 0, messages.length, table, table + messages.length * 8, 0, table];
  fields.forEach((value, i) => {
    put(i * 4, value);
  });
  let offset = head.length;
  texts.forEach((text, i) => {
    put(table + i * 8, text.length);
    put(table + i * 8 + 4, offset);
    offset += text.length + 1;
  });
  return Buffer.concat([head, ...texts.flatMap((text) => [text, Buffer.of(0)])]);
}

/** One that was made by hand: each of its messages is the whole file. */
function allOfIt(messages: number): Uint8Array {
  const file = Buffer.alloc(28 + messages * 16);
  const rows = Array.from({ length: messages * 2 }, () => [file.length, 0]).flat();
  const fields = [0x950412de, 0, messages, 28, 28 + messages * 8, 0, 28, ...rows];
  fields.forEach((value, at) => {
    file.writeUInt32LE(value, at * 4);
  });
  return file;
}

/** Families E, F, V and W: files of the repository. */
export const repositoryCases: RuleCase[] = [
  ...(
    [
      ["compiled beside it", { [`${german}.po`]: catalogue("Ja"), [`${german}.mo`]: "" }],
      ["nothing is translated", { [`${german}.po`]: catalogue("") }],
      ["of a package", { [`venv/lib/site-packages/x/${german}.po`]: catalogue("Ja") }],
      ["not Django's", { "docs/locale/de/LC_MESSAGES/index.po": catalogue("Ja") }],
    ] as const
  ).map(
    ([, near]): RuleCase => [
      "djdeploy.translations-not-compiled",
      "",
      "",
      files({ [`${german}.po`]: catalogue("Ja") }, near),
    ],
  ),
  [
    "djdeploy.translations-not-compiled",
    "",
    "",
    files(
      { [`shop/${german}js.po`]: catalogue("Ja").replaceAll("\n", "\r\n") },
      { [`shop/${german}.po`]: "" },
    ),
  ],
  [
    "djdeploy.translations-not-compiled",
    "",
    "",
    files(
      { [`${german}.po`]: 'msgid "one"\nmsgid_plural "many"\nmsgstr[0] ""\n"eins"\n' },
      { [`${german}.po`]: 'msgid "one"\nmsgid_plural "many"\nmsgstr[0] ""\nmsgstr[1] ""\n' },
    ),
  ],
  [
    "djdeploy.translations-not-compiled",
    "USE_I18N = True",
    "USE_I18N = False",
    { tree: { [`${german}.po`]: catalogue("Ja") } },
  ],
  [
    "djdeploy.translations-not-compiled",
    "",
    "",
    {
      tree: { [`${german}.po`]: catalogue("Ja"), [`${german}.mo`]: "" },
      deployment: { domains: [], tls: true, leavesOut: (path) => path.endsWith(".mo") },
      near: {
        tree: { [`${german}.po`]: catalogue("Ja"), [`${german}.mo`]: "" },
        deployment: { domains: [], tls: true, leavesOut: (path) => path.endsWith(".po") },
      },
    },
  ],
  ...(
    [
      ["another text", catalogue("Jawohl"), true],
      ["a message more", `${catalogue("Ja")}\nmsgid "No"\nmsgstr "Nein"\n`, true],
      ["with a context", catalogue("Ja").replace('msgid "Yes"', 'msgctxt "vote"\nmsgid "Yes"'), true],
      ["in two lines", catalogue('"\n"J"\n"a').replaceAll("\n", "\r\n"), false],
      ["a guess", `${catalogue("Ja")}\n#, fuzzy\nmsgid "No"\nmsgstr "Nein"\n`, false],
      [
        "not translated, and one of old",
        `${catalogue("Ja")}\nmsgid "No"\nmsgstr ""\n\n#~ msgid "x"\n`,
        false,
      ],
      ["not understood", `${catalogue("Ja")}\nmsgid "No"\nmsgstr "N\\x65in"\n`, false],
      ["in Latin-1", catalogue("Jawohl").replace("UTF-8", "ISO-8859-1"), false],
    ] as const
  ).map(([, po, outdated]): RuleCase => {
    const compiled = {
      [`${german}.mo`]: machineObject([
        ["", "Content-Type: text/plain; charset=UTF-8\n"],
        ["Yes", "Ja"],
      ]),
    };
    const tree = (text: string) => ({
      tree: { [`${german}.po`]: text, [`${german}.mo`]: "" },
      bytes: compiled,
    });
    return [
      "djdeploy.translations-outdated",
      "",
      "",
      outdated
        ? { ...tree(po), near: tree(catalogue("Ja")) }
        : { ...tree(catalogue("Nein")), near: tree(po) },
    ];
  }),
  [
    // A thousand rows that name the whole file: it is no catalogue, and is not read a thousand times.
    "djdeploy.translations-outdated",
    "",
    "",
    {
      tree: { [`${german}.po`]: catalogue("Nein"), [`${german}.mo`]: "" },
      bytes: { [`${german}.mo`]: machineObject([["Yes", "Ja"]]) },
      near: {
        tree: { [`${german}.po`]: catalogue("Nein"), [`${german}.mo`]: "" },
        bytes: { [`${german}.mo`]: allOfIt(1_000) },
      },
    },
  ],
  [
    "djdeploy.translations-outdated",
    "",
    "",
    {
      tree: {
        [`${german}.po`]: 'msgid "one"\nmsgid_plural "many"\nmsgstr[0] "eins"\nmsgstr[1] "viele"\n',
        [`${german}.mo`]: "",
      },
      bytes: { [`${german}.mo`]: machineObject([["one\0many", "eins\0mehr"]]) },
      near: {
        tree: {
          [`${german}.po`]: 'msgid "one"\nmsgid_plural "many"\nmsgstr[0] "eins"\nmsgstr[1] "mehr"\n',
          [`${german}.mo`]: "",
        },
        bytes: { [`${german}.mo`]: machineObject([["one\0many", "eins\0mehr"]], false) },
      },
    },
  ],
  ...(
    [
      ["locale/pt-br", "locale/pt_BR"],
      ["shop/locale/zh-Hans", "shop/locale/zh_Hans"],
      ["locale/en-GB", ".venv/lib/locale/en-GB"],
      ["locale/de-at", "locale/de"],
    ] as const
  ).map(
    ([wrong, right]): RuleCase => [
      "djdeploy.translations-folder",
      "",
      "",
      files(
        { [`${wrong}/LC_MESSAGES/django.po`]: "", [`${wrong}/LC_MESSAGES/django.mo`]: "" },
        { [`${right}/LC_MESSAGES/django.po`]: "", [`${right}/LC_MESSAGES/django.mo`]: "" },
      ),
    ],
  ),
  [
    "djdeploy.env-file-tracked",
    "",
    "",
    files({ ".env": "SECRET_KEY=abcdef\n" }, { ".env": "SECRET_KEY=\n" }),
  ],
  ["djdeploy.database-tracked", "", "", files({ "db.sqlite3": "" }, { "tests/fixtures/db.sqlite3": "" })],
  [
    "djdeploy.database-tracked",
    "",
    "",
    files(
      { "tls/site.pem": "-----BEGIN PRIVATE KEY-----\n" },
      { "tls/site.pem": "-----BEGIN CERTIFICATE-----\n" },
    ),
  ],
  [
    "djdeploy.token-in-repository",
    "",
    "",
    files(
      { "compose.yml": `environment: {T: ${token}}\n` },
      { "docs/compose.yml": `environment: {T: ${token}}\n` },
    ),
  ],
  [
    "djdeploy.token-in-repository",
    "",
    "",
    files(
      { "compose.yml": "DATABASE_URL: postgres://app:Tr0ub4dor-and-3@db.example.com/app\n" },
      { "compose.yml": "DATABASE_URL: postgres://app:$" + "{DB_PASSWORD}@db.example.com/app\n" },
    ),
  ],
  [
    "djdeploy.secret-in-workflow",
    "",
    "",
    files(
      { [workflow]: "      - run: echo $" + "{{ secrets.KEY }}\n" },
      { [workflow]: "      - run: echo $" + "{{ secrets.KEY }} > key.txt\n" },
    ),
  ],
  [
    "djdeploy.script-line-endings",
    "",
    "",
    files({ "run.sh": "#!/bin/sh\r\necho\r\n" }, { "run.sh": "#!/bin/sh\necho\n" }),
  ],
  [
    "djdeploy.unit-line-endings",
    "",
    "",
    files({ "site.service": "[Unit]\r\nX=1\r\n" }, { "site.service": "[Unit]\nX=1\n" }),
  ],
  [
    "djdeploy.script-byte-order-mark",
    "",
    "",
    files({ "run.sh": "\uFEFF#!/bin/sh\n" }, { "run.sh": "#!/bin/sh\n# \uFEFF\n" }),
  ],
  [
    "djdeploy.scripts-unguarded",
    "",
    "",
    files(
      { "run.sh": "", "run.bat": "", ".gitattributes": "* text=auto\n" },
      { "run.sh": "", ".gitattributes": "* text=auto\n" },
    ),
  ],
  [
    "djdeploy.django-unsupported",
    "",
    "",
    {
      djangoVersion: "4.2",
      today: "2026-05-01",
      near: { djangoVersion: "4.2", today: "2026-04-30" },
    },
  ],
  [
    "djdeploy.unused-ignore",
    "",
    "SECURE_HSTS_SECONDS = 0",
    { ignore: { "security.W004": "nginx sends it" } },
  ],
  ["djdeploy.settings-not-found", "", "", { settingsModule: "mysite.production", near: {} }],
];
