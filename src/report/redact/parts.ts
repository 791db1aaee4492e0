import { folded } from "./fold.ts";
import { shortestWord } from "./words.ts";

/**
 * Words and small numbers that stand in every log, and those that our own output is made of: masking them would hide the
 * log and show the value.
 */
const commonplace =
  /^(?:true|false|none|null|undefined|default|localhost|127\.0\.0\.1|0\.0\.0\.0|production|staging|development|testing|test|debug|info|warning|error|admin|root|user|password|secret|django|postgres|step|result|note|finding|phase|start|done|failed|output|\d{1,5})$/i;

/** Whether a text can be hidden without hiding much else. */
function hideable(text: string): boolean {
  return !commonplace.test(text) && folded(text, "plain").length >= shortestWord;
}

/** Whether a value can be hidden: it has four characters and is no word of every log. */
export function canHide(value: string): boolean {
  return hideable(value.trim());
}

/** The password of a URL, as it stands there. */
const password = /^[a-z][a-z0-9+.-]{0,40}:\/\/[^/?#\s]*?:([^/?#\s]*)@/i;

/** The texts of a value that are secret on their own: all of it, each of its lines, the password of a URL. */
export function parts(value: string): string[] {
  const found = [value, value.trim(), ...value.split(/\r\n|\r|\n/).map((line) => line.trim())];
  const secret = password.exec(value.trim())?.[1];
  if (secret) found.push(secret, decodePercent(secret));
  return [...new Set(found)].filter(hideable);
}

function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
