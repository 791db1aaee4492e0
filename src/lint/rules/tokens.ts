export interface Token {
  /** "an AWS access key" */
  what: string;
  /** Pages hand it to every browser, so that it may be no secret: what restricts it stands at the provider. */
  open: boolean;
}

/** Keys of maps and of Firebase are such. */
const OPEN = new Set(["a Google API key"]);

/**
 * What secrets of known providers look like: fixed beginnings and lengths, as the providers document them. Only forms
 * that hardly anything else has; guesses by entropy are left out.
 */
const TOKENS: [string, RegExp][] = [
  ["an AWS access key", /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/],
  ["a private key", /-----BEGIN (?:RSA |EC |OPENSSH |DSA |PGP |ENCRYPTED )?PRIVATE KEY(?: BLOCK)?-----/],
  ["a GitHub token", /\bgh[pousr]_[A-Za-z0-9]{36}\b|\bgithub_pat_[A-Za-z0-9_]{60,}\b/],
  ["a GitLab token", /\bgl(?:pat|dt|rt|ptt|soat)-[A-Za-z0-9_-]{20,}\b/],
  ["a Stripe live key", /\b[sr]k_live_[A-Za-z0-9]{20,}\b/],
  ["a Stripe webhook secret", /\bwhsec_[A-Za-z0-9]{32,}\b/],
  ["a Slack token", /\bxox[abprse]-[A-Za-z0-9-]{20,}\b|\bxapp-\d-[A-Z0-9]+-\d+-[a-f0-9]{30,}\b/],
  [
    "a Slack webhook",
    /https:\/\/hooks\.slack\.com\/services\/T[A-Z0-9]{8,}\/B[A-Z0-9]{8,}\/[A-Za-z0-9]{20,}/,
  ],
  ["a Discord webhook", /https:\/\/discord(?:app)?\.com\/api\/webhooks\/\d{17,20}\/[A-Za-z0-9_-]{60,}/],
  ["a SendGrid key", /\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}\b/],
  ["a Google API key", /\bAIza[0-9A-Za-z_-]{35}\b/],
  ["a Google OAuth secret", /\bGOCSPX-[A-Za-z0-9_-]{28}\b/],
  ["a Mailgun key", /\bkey-[0-9a-f]{32}\b/],
  ["a Mailchimp key", /\b[0-9a-f]{32}-us\d{1,2}\b/],
  ["a Brevo key", /\bxkeysib-[a-f0-9]{64}-[A-Za-z0-9]{16}\b/],
  ["a PyPI token", /\bpypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50,}\b/],
  ["an npm token", /\bnpm_[A-Za-z0-9]{36}\b/],
  ["a RubyGems key", /\brubygems_[a-f0-9]{48}\b/],
  ["a Docker Hub token", /\bdckr_(?:pat|oat)_[A-Za-z0-9_-]{27,}\b/],
  ["a DigitalOcean token", /\bdo[opr]_v1_[a-f0-9]{64}\b/],
  ["a Heroku key", /\bHRKU-[A-Za-z0-9_-]{36,}\b/],
  ["a Fly.io token", /\bfo1_[\w-]{43}\b/],
  ["a Linode token", /\blin_[a-f0-9]{64}\b/],
  ["a Telegram bot token", /\b\d{8,10}:AA[A-Za-z0-9_-]{33}\b/],
  ["a Twilio key", /\bSK[0-9a-f]{32}\b/],
  ["an OpenAI key", /\bsk-(?:proj-|svcacct-|admin-)?[A-Za-z0-9_-]{20,}T3BlbkFJ[A-Za-z0-9_-]{20,}\b/],
  ["an Anthropic key", /\bsk-ant-(?:api|admin)\d{2}-[A-Za-z0-9_-]{80,}/],
  ["a Hugging Face token", /\bhf_[A-Za-z]{34}\b/],
  ["a Sentry token", /\bsntr[ysu]_[A-Za-z0-9+/=_-]{60,}/],
  ["a New Relic key", /\bNRAK-[A-Z0-9]{27}\b/],
  ["a Grafana token", /\bglsa_[A-Za-z0-9]{32}_[a-f0-9]{8}\b/],
  ["a Datadog client token", /\bddapi_[a-f0-9]{32,}\b/],
  ["a Linear key", /\blin_api_[A-Za-z0-9]{40}\b/],
  ["a Notion token", /\b(?:secret_[A-Za-z0-9]{43}|ntn_[A-Za-z0-9]{46})\b/],
  ["a Shopify token", /\bshp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}\b/],
  ["a Square token", /\bsq0(?:atp|csp)-[A-Za-z0-9_-]{22,43}\b/],
  ["a Mapbox secret token", /\bsk\.eyJ[A-Za-z0-9_-]{60,}\.[A-Za-z0-9_-]{20,}/],
  ["an Azure storage key", /\bAccountKey=[A-Za-z0-9+/]{86}==/],
  ["a HashiCorp Vault token", /\bhvs\.[A-Za-z0-9_-]{90,}/],
  ["a Terraform Cloud token", /\b[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_-]{60,}/],
  [
    "the address of a database with its password",
    /\b(?:postgres(?:ql)?|mysql|mongodb(?:\+srv)?|rediss?|amqps?):\/\/[^\s:@/"'$<{]+:(?!\$|<|\{|%|pass|pwd|secret|postgres|root|admin|user|test|example|guest|changeme|x{3})[^\s:@/"'$<{]{12,}@(?!localhost|127\.|(?:db|postgres|redis)(?![\w.-]))[\w.-]+\.[a-z]{2,}/i,
  ],
];

/** One look that rules out nearly every line. */
const ANY = new RegExp(TOKENS.map(([, rule]) => `(?:${rule.source})`).join("|"), "i");
const LONGEST_LINE = 2000;

/** The provider secrets in one line of text. */
export function tokensIn(line: string): Token[] {
  if (line.length < 16 || line.length > LONGEST_LINE || !ANY.test(line)) return [];
  return TOKENS.filter(([, rule]) => rule.test(line)).map(([what]) => ({ what, open: OPEN.has(what) }));
}
