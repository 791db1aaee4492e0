/** Texts that stand where a secret will be: nobody has to replace one that was pushed. */
const WORDS =
  /^(|changeme|change-me|your[-_ ].*|xxx+|example|none|null|todo|[*.\-_]+|<.*>|\{.*\}|password|secret)$/i;
/** Words that end in what is to stand there: `app-specific-password`, `put-your-key-here`. */
const NAMED = /^[a-z]+(?:[-_ ][a-z]+)*[-_ ](?:password|passwd|secret|key|token|here|value)$/i;

export const isPlaceholder = (text: string): boolean => WORDS.test(text) || NAMED.test(text);
