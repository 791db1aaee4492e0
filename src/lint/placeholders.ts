/** Texts that stand where a secret will be: nobody has to replace one that was pushed. */
const WORDS =
  /^(|changeme|change-me|your.*|xxx+|none|null|todo|[*.\-_]+|<.*>|\{.*\}|password|passwd|secret)$/i;
/** Words that say so wherever they stand between others: `admin_example`, `replace the credentials`. */
const TELLING =
  /(^|[-_ .])(example|placeholder|dummy|sample)([-_ .]|$)|^(replace|insert|enter|fill in|put) [a-z ]+$/i;
/** Words that end in what is to stand there: `app-specific-password`, `put-your-key-here`. */
const NAMED = /^[a-z]+(?:[-_ ][a-z]+)*[-_ ](?:password|passwd|secret|key|token|here|value)$/i;

export const isPlaceholder = (text: string): boolean =>
  [WORDS, TELLING, NAMED].some((rule) => rule.test(text));
