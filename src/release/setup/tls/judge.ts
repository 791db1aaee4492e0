import { X509Certificate } from "node:crypto";
import { rootCertificates } from "node:tls";
import type { CertificateFiles } from "../../../services/certificate.ts";
import type { CertificateFact } from "../facts.ts";

/** What is wrong with a certificate: `at` one of the two files. */
export interface CertificateProblem {
  at: string;
  message: string;
  expected: string;
  seen: string;
  hint: string;
}

/** What a certificate that nginx can show says of itself. */
export interface CertificateNews {
  /** Whole days until it ends. */
  daysLeft: number;
  /** As many or fewer days are left as no renewal that works leaves. */
  late: boolean;
  names: string[];
  /** nginx shows this very certificate. */
  shown: boolean;
  /** Why browsers will not trust it, or that it ends soon; null = nothing to say. */
  warning: string | null;
}

export type Judged = { problem: CertificateProblem } | { news: CertificateNews };

const day = 86_400_000;

/**
 * Whether a renewal should have been there by now. certbot renews 30 of 90 days before the end: 20 are late, and of those
 * that live shorter (6 days, a day) as large a part.
 */
export function isLate(leaf: X509Certificate, now: number): boolean {
  const [from, to] = [Date.parse(leaf.validFrom), Date.parse(leaf.validTo)];
  return to - now < Math.min(20 * day, (to - from) * (2 / 9));
}

/**
 * Judges files by what a visitor's browser will ask of them: the key fits, the chain leads on, the names are covered, it is
 * valid at `now` (ms). Whether an authority of one's own is trusted is not known here: that is a warning.
 */
export function judgeCertificate(
  fact: CertificateFact,
  files: CertificateFiles,
  names: string[],
  now: number,
): Judged {
  if (fact.kind === "missing")
    return problem(
      fact.file,
      "is not there",
      "a file that root can read",
      "nothing",
      "put it there, or correct tls in djdeploy.yml",
    );
  if (fact.kind === "open")
    return problem(
      fact.file,
      "lies where others may put something else in its place",
      "a place that only root can change",
      `${fact.path}, which somebody else may write`,
      "move both files to a folder of root's, such as /etc/ssl/private",
    );
  const chain = chainOf(fact.certificate);
  const [leaf] = chain ?? [];
  if (chain === null || leaf === undefined)
    return problem(
      files.certificate,
      "is no certificate",
      "the site's certificate in PEM form, then those between it and the authority's root",
      fact.certificate === ""
        ? "nothing that can be read, or more than 256 KB"
        : "text that is no certificate, or a broken one",
      "write the certificate first and its intermediates below it: cat site.crt intermediate.crt",
    );
  return (
    keyProblem(fact, files, leaf) ??
    chainProblem(files, chain) ??
    nameProblem(files, leaf, names) ??
    timeProblem(files, leaf, now) ?? { news: news(fact, chain, leaf, now) }
  );
}

function problem(
  at: string,
  what: string,
  expected: string,
  seen: string,
  hint: string,
): { problem: CertificateProblem } {
  return { problem: { at, message: `${at} ${what}`, expected, seen, hint } };
}

/** null where a block is not a certificate. */
function chainOf(pem: string): X509Certificate[] | null {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch {
    return null;
  }
}

function keyProblem(
  fact: CertificateFact & { kind: "read" },
  files: CertificateFiles,
  leaf: X509Certificate,
) {
  if (fact.publicKey === "")
    return problem(
      files.key,
      "can not be read as a private key",
      "a key in PEM form without a passphrase",
      "something else, or a key with a passphrase",
      `openssl pkey -in ${files.key} -noout on the host says what is wrong`,
    );
  if (fact.publicKey.trim() !== String(leaf.publicKey.export({ type: "spki", format: "pem" })).trim())
    return problem(
      files.key,
      `does not fit ${files.certificate}`,
      "the key that the certificate was made for",
      "the key of another one",
      "is the site's certificate the first in its file? Else take the key that the request (CSR) was made with",
    );
  const [mode = "", owner = ""] = fact.keyMode.split(" ");
  if (/[4-7]$/.test(mode))
    return problem(
      files.key,
      "may be read by everybody on the host",
      "a key that only root reads",
      `${mode} ${owner}`,
      `chown root:root ${files.key} && chmod 600 ${files.key}`,
    );
  return null;
}

function chainProblem({ certificate }: CertificateFiles, chain: X509Certificate[]) {
  for (const [index, one] of chain.slice(0, -1).entries()) {
    const next = chain[index + 1]!;
    if (one.checkIssued(next) && one.verify(next.publicKey)) continue;
    return problem(
      certificate,
      "holds a chain that leads nowhere",
      `below ${subject(one)} the one that issued it: ${plain(one.issuer)}`,
      subject(next),
      "put them in order: the site's certificate, then each issuer's; leave out what does not belong to it",
    );
  }
  const last = chain.at(-1)!;
  // Its authority says where the missing one is to be had; of one of one's own nobody knows what it needs.
  if (chain.length > 1 || isSelfSigned(last) || isRooted(last) || !/CA Issuers/.test(last.infoAccess ?? ""))
    return null;
  return problem(
    certificate,
    "lacks the certificates between it and the authority's root",
    `that of ${plain(last.issuer)} below it`,
    "the site's certificate alone",
    "append the intermediate that came with it (often called chain or ca-bundle): some browsers find it by themselves, most programs do not",
  );
}

function nameProblem({ certificate }: CertificateFiles, leaf: X509Certificate, names: string[]) {
  // checkHost takes no pattern for a name: a wildcard of ours has to stand there as it is.
  const lacking = names.filter((name) =>
    name.startsWith("*.") ? !namesOf(leaf).includes(name) : !leaf.checkHost(name),
  );
  if (lacking.length === 0) return null;
  return problem(
    certificate,
    `is not for ${lacking.join(", ")}`,
    names.join(", "),
    namesOf(leaf).join(", ") || "no names",
    "get one for all names of the site, or take those out of domains",
  );
}

function timeProblem({ certificate }: CertificateFiles, leaf: X509Certificate, now: number) {
  const [from, to] = [Date.parse(leaf.validFrom), Date.parse(leaf.validTo)];
  if (now >= from && now < to) return null;
  return problem(
    certificate,
    now < from ? "is not valid yet" : "has expired",
    "a certificate that is valid now",
    `${leaf.validFrom} to ${leaf.validTo}`,
    now < from ? "is the clock of this machine right?" : "renew it",
  );
}

function news(
  fact: CertificateFact & { kind: "read" },
  chain: X509Certificate[],
  leaf: X509Certificate,
  now: number,
): CertificateNews {
  const daysLeft = Math.floor((Date.parse(leaf.validTo) - now) / day);
  const shown = chainOf(fact.shown)?.[0]?.fingerprint256 === leaf.fingerprint256;
  const late = isLate(leaf, now);
  return { daysLeft, late, names: namesOf(leaf), shown, warning: warningOf(chain, late ? daysLeft : null) };
}

function warningOf(chain: X509Certificate[], daysLeft: number | null): string | null {
  const last = chain.at(-1)!;
  if (daysLeft !== null) return `it ends in ${daysLeft} days`;
  if (isSelfSigned(chain[0]!)) return "it is self-signed: no browser trusts it by itself";
  if (isRooted(last) || rootCertificates.length === 0) return null;
  return `${plain(last.issuer)} is no authority that this machine knows: only those who were told of it trust the site`;
}

function isSelfSigned(one: X509Certificate): boolean {
  return one.checkIssued(one);
}

let roots: X509Certificate[] | null = null;

/** Issued by, or being, one of the roots that Node brings (Mozilla's). */
function isRooted(one: X509Certificate): boolean {
  roots ??= rootCertificates.map((pem) => new X509Certificate(pem));
  return roots.some(
    (root) =>
      root.fingerprint256 === one.fingerprint256 || (one.checkIssued(root) && one.verify(root.publicKey)),
  );
}

function namesOf(one: X509Certificate): string[] {
  return (one.subjectAltName ?? "")
    .split(", ")
    .flatMap((entry) => (entry.startsWith("DNS:") ? [entry.slice(4)] : []));
}

function subject(one: X509Certificate): string {
  return plain(one.subject ?? "") || "one without a name";
}

/** `C=US\nO=Example\nCN=R3` in one line. */
function plain(name: string): string {
  return name.split("\n").join(", ");
}
