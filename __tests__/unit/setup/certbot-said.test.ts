import { expect, test } from "vitest";
import { certbotHint } from "../../../src/release/setup/tls/certbot-said.ts";

const failed = "certbot got no certificate for www.example.com; the site stays on what it had";

// In the words of certbot 2.1 and 4.0, Let's Encrypt's Boulder and pebble.
test.each([
  [
    "acme.messages.Error: urn:ietf:params:acme:error:rateLimited :: There were too many requests of a given type :: too many certificates (5) already issued for this exact set of identifiers in the last 168h0m0s, retry after 2026-12-01 10:00:00 UTC: see https://letsencrypt.org/docs/rate-limits/",
    "the authority's limit is reached (too many certificates): wait until 2026-12-01 10:00:00 UTC; tls: {certbot: {staging: true}} tries without that limit",
  ],
  [
    'urn:ietf:params:acme:error:rateLimited :: too many failed authorizations (5) for "www.example.com" in the last 1h0m0s',
    "the authority's limit is reached (too many failed authorizations): wait, an hour",
  ],
  [
    "Detail: CAA record for www.example.com prevents issuance",
    "let a CAA record of www.example.com name this authority",
  ],
  [
    "Detail: DNS problem: NXDOMAIN looking up A for www.example.com - check that a DNS record exists for this domain",
    "the authority finds no address for the name",
  ],
  [
    "Detail: 203.0.113.9: Invalid response from http://www.example.com/.well-known/acme-challenge/x: 404",
    "the authority says: 203.0.113.9: Invalid response from",
  ],
  [
    "requests.exceptions.ConnectionError: HTTPSConnectionPool(host='acme-v02.api.letsencrypt.org', port=443): Max retries exceeded with url: /directory",
    "the authority can not be reached from this host",
  ],
  [
    "Max retries exceeded with url: /dir (Caused by SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate')))",
    "this host does not trust the authority's own certificate",
  ],
  [
    "urn:ietf:params:acme:error:externalAccountRequired :: The request must include a value for the 'externalAccountBinding' field",
    "this authority wants an account of yours (EAB)",
  ],
  ["Something that nobody knows", "/var/log/letsencrypt/letsencrypt.log on the host says more"],
])("%s", (said, hint) => {
  expect(certbotHint(`${said}\n${failed}`)).toContain(hint);
});

test("what another script says is none of it", () => {
  expect(certbotHint("Detail: something")).toBeUndefined();
});
