import fc from "fast-check";

/** What ends a line for some reader, steers a terminal, hides, turns the direction, or commands a runner. */
const pieces = [
  ...["\r", "\n", "\r\n", "\u0085", "\u2028", "\u2029", "\v", "\f", "\0", "\b", "\x7f", "\t", " ", "\u00a0"],
  ...["\x1b", "\x1b[31m", "\x1b[2J", "\x1b[5A\x1b[J", "\x1b]0;title\x07", "\x1b]52;c;cm0gLXJm\x07", "\x1b[K"],
  ...[
    "\x1b]8;;https://evil.example\x1b\\link\x1b]8;;\x1b\\",
    "\x9b31m",
    "\x9d0;title\x9c",
    "\x90q\x9c",
    "\x07",
  ],
  ...["\u202e", "\u2066", "\u200e", "\u061c", "\u200b", "\u200c", "\u200d", "\u00ad", "\ufeff", "\u{e0041}"],
  ...["\ud800", "\udc00", "\ud83d", "👩‍💻", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "é", "می‌خواهم", "क्‍ष", "\u0301", "\ufe0f", "日本"],
  ...["::", ":", "#", "##[", "[", "]", "%0A", "%", ",", ";", "=", "error", "group", "stop-commands", "x"],
  ...[
    "::error::forged",
    "::add-mask::a",
    "::set-env name=PATH::/x",
    "##[set-env name=PATH]/x",
    "##[error]forged",
  ],
  ...[
    "\n# heading",
    "](https://evil.example)",
    "<img src=x>",
    "\n\n- item",
    "file=a,line=1",
    "'",
    '"',
    "`",
    "|",
    "<b>",
    "\\u{1b}",
    "$(id)",
  ],
];

/** Texts that an attacker would write into a commit's subject, a file's name, a banner or an output. */
export const hostile = fc
  .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: "binary", maxLength: 3 })), { maxLength: 8 })
  .map((parts) => parts.join(""));

/** What our text must not hold; newline and tab may stand. Said anew here, not taken from the source. */
export const obeyed =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\x00-\x08\x0b-\x1f\x7f-\x9f]|[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\u2028\u2029\u200b\ufeff]|\p{Surrogate}/u;
