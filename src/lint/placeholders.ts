/** Texts that stand where a secret will be: nobody has to replace one that was pushed. */
const WORDS =
  /^(|changeme|change-me|your(?:[-_ ].*|(?:own|app|db|email|mail|api)?(?:password|passwd|secret|key|token)\w*)|xxx+|none|null|todo|[*.\-_]+|<.*>|\{.*\}|password|passwd|secret)$/i;
/** Nothing but words, of which one says so: `admin_example`, `replace the credentials`. */
const TELLING =
  /^(?=[a-z]+(?:[-_ ][a-z]+)*$)(?:.*(?<![a-z])(?:example|placeholder|dummy|sample)(?![a-z])|(?:replace|insert|enter|fill in|put) )/i;
/** Words that end in what is to stand there: `app-specific-password`, `put-your-key-here`. */
const NAMED = /^[a-z]+(?:[-_ ][a-z]+)*[-_ ](?:password|passwd|secret|key|token|here|value)$/i;

export const isPlaceholder = (text: string): boolean =>
  [WORDS, TELLING, NAMED].some((rule) => rule.test(text));
