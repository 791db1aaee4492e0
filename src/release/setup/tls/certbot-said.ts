/** What certbot and authorities say, and what to do about that. In the words of certbot 2.1 and 4.0, Let's Encrypt and pebble. */
const known: readonly [says: RegExp, hint: (groups: string[]) => string][] = [
  [
    /too many (certificates|failed authorizations|new orders|registrations|currently pending)(?:[^\n]*?retry after (\d[\d-]+[T ][\d:]+(?: UTC|Z)?))?/i,
    ([what, until]) =>
      `the authority's limit is reached (too many ${what}): wait${until ? ` until ${until}` : ", an hour for failed tries and up to a week for certificates"}; tls: {certbot: {staging: true}} tries without that limit`,
  ],
  [
    /CAA record for (\S+) prevents issuance/,
    ([name]) => `let a CAA record of ${name} name this authority, or remove them`,
  ],
  [
    /CERTIFICATE_VERIFY_FAILED|certificate verify failed/,
    () =>
      "this host does not trust the authority's own certificate: install its root (update-ca-certificates), and look at the clock",
  ],
  [
    /(?:Could not connect|Failed to establish a new connection|Connection refused|Max retries exceeded|Read timed out|ConnectTimeout)[^\n]*/i,
    () =>
      "the authority can not be reached from this host: is it down (https://letsencrypt.status.io), or does a firewall keep the host from it?",
  ],
  [
    /(?:Detail|Hint): (?:[^\n]*?)(NXDOMAIN|no valid (?:A|AAAA|IP)|DNS problem)[^\n]*/,
    () =>
      "the authority finds no address for the name: is the record there, and known everywhere (it can take an hour)?",
  ],
  [/Detail: ([^\n]+)/, ([detail]) => `the authority says: ${detail}`],
  [
    /Another instance of Certbot is already running/,
    () => "certbot was at work for five minutes: look what it does (systemctl status certbot)",
  ],
  [
    /externalAccountRequired|external account binding/i,
    () =>
      "this authority wants an account of yours (EAB): register it on the host with certbot register --eab-kid … --eab-hmac-key …",
  ],
];

/** undefined where nothing is known. */
export function certbotHint(output: string): string | undefined {
  if (!output.includes("certbot got no certificate")) return undefined;
  for (const [says, hint] of known) {
    const found = says.exec(output);
    if (found) return `${hint(found.slice(1).map((group) => group ?? ""))}; then run setup again`;
  }
  return "/var/log/letsencrypt/letsencrypt.log on the host says more; then run setup again";
}
