import { randomBytes } from "node:crypto";
import type { Config } from "../../../config/types.ts";
import {
  type CertificateFiles,
  certbotOf,
  certificateFiles,
  challengeFolder,
  lineage,
} from "../../../services/certificate.ts";
import { siteFile } from "../../../services/nginx.ts";
import type { HostFacts } from "../facts.ts";
import { refused } from "../guards.ts";
import { item, type SetupItem } from "../item.ts";
import { checkReach } from "./check.ts";
import { type CertificateNews, judgeCertificate } from "./judge.ts";

/** What setup does about a certificate: what the site shows until then, and the step that sees to it. */
export interface TlsPlan {
  /** What the site is to show before that step; null = plain HTTP. */
  shown: CertificateFiles | null;
  items: SetupItem[];
  /** The site has to be written again behind it, for it shows something else by then. */
  again: boolean;
}

/** The question that has to be asked of the host; absent where no certificate is its own. */
export function certificateQuestion({ app, tls, domains, front }: Config) {
  const files = certificateFiles(app, tls);
  // One that such a pattern is for.
  const name = domains[0]?.replace("*.", "any.");
  return files === null
    ? null
    : { ...files, name: name ?? "localhost", port: front.port === "auto" ? 443 : front.port };
}

/** Throws (exit 7) where files of the user's own are not what a browser would take; nothing has been changed then. */
export function tlsPlan(config: Config, facts: HostFacts, now = Date.now()): TlsPlan {
  const files = certificateFiles(config.app, config.tls);
  if (files === null) return { shown: null, items: [], again: false };
  const fact = facts.certificate ?? { kind: "missing" as const, file: files.certificate };
  const judged = judgeCertificate(fact, files, config.domains, now);
  // Without openssl nothing was read. It comes with the packages, and then all this is asked again.
  if (!facts.packages.has("openssl") && fact.kind === "read")
    return { shown: files, items: [], again: false };
  if (certbotOf(config.tls) !== null)
    return certbotPlan(config, facts, "news" in judged ? judged.news : null);
  if ("problem" in judged) {
    const { message, ...details } = judged.problem;
    throw refused("setup.certificate", message, details);
  }
  const { shown, warning } = judged.news;
  const step = item(
    "certificate",
    shown,
    `${files.certificate}: ${lasts(judged.news)}`,
    "setup-reload.sh",
    [],
  );
  return {
    shown: files,
    items: [warning ? { ...step, warning: `${files.certificate}: ${warning}` } : step],
    again: false,
  };
}

/** `news`: of the certificate that is there and does for all names; null = one has to be got. */
function certbotPlan(config: Config, facts: HostFacts, news: CertificateNews | null): TlsPlan {
  const { app } = config;
  const domains = config.domains.map((name) => name.toLowerCase());
  const own = lineage(app);
  const { email, staging, server } = certbotOf(config.tls)!;
  const renewal = textAt(facts, own.renewal);
  const directory = server ?? (staging ? letsEncrypt.staging : letsEncrypt.live);
  const sameAuthority = renewalValue(renewal, "server") === directory;
  // As certbot's timer will do it: by our folder, and nginx is told.
  const renews =
    sameAuthority &&
    renewalValue(renewal, "authenticator") === "webroot" &&
    (renewalValue(renewal, "renew_hook") ?? "").includes("nginx") &&
    (renewalValue(renewal, "webroot_path") ?? "").includes(challengeFolder(app));
  const enough = news !== null && renews && !news.late && news.names.every((name) => domains.includes(name));
  const usable = facts.certificate?.kind === "read" && facts.certificate.publicKey !== "";
  const now = shownNow(textAt(facts, siteFile(app)));
  const shown = usable ? { certificate: own.certificate, key: own.key } : now;
  const reload = item("certificate", news?.shown === true, "", "setup-reload.sh", []);
  if (enough)
    return {
      shown,
      items: [{ ...reload, message: `certbot's for ${domains.join(", ")}: ${lasts(news)}` }],
      again: false,
    };
  const parameters = [
    ...[app, challengeFolder(app), server ?? "-", staging ? "yes" : "no", email ?? "-"],
    ...[usable && !sameAuthority ? "yes" : "no", ...domains],
  ];
  const message = `certbot: a certificate for ${domains.join(", ")} from ${server ?? (staging ? "Let's Encrypt's staging" : "Let's Encrypt")}`;
  const get = item("certificate", false, message, "setup-certbot.sh", parameters);
  const token = randomBytes(16).toString("hex");
  const check: SetupItem = {
    ...get,
    before: (root, emit, signal) => checkReach({ root, emit, config, token, ...(signal ? { signal } : {}) }),
  };
  const other = now && /^\/etc\/letsencrypt\/live\/([^/]+)\//.exec(now.certificate)?.[1];
  if (other && other !== app)
    check.warning = `certbot's certificate ${other} is not shown any more once this one is there: certbot delete --cert-name ${other} ends its renewals`;
  return { shown, items: [check], again: shown?.certificate !== own.certificate };
}

const letsEncrypt = {
  live: "https://acme-v02.api.letsencrypt.org/directory",
  staging: "https://acme-staging-v02.api.letsencrypt.org/directory",
};

function lasts({ daysLeft, names }: CertificateNews): string {
  return `for ${names.join(", ")}, ${daysLeft} days left`;
}

function textAt(facts: HostFacts, path: string): string {
  const fact = facts.paths.get(path);
  return fact?.type === "file" ? (fact.content ?? "") : "";
}

/** Of certbot's renewal file, which is INI. */
function renewalValue(renewal: string, name: string): string | undefined {
  return new RegExp(`^${name} = (.*)$`, "m").exec(renewal)?.[1]?.trim();
}

/** The certificate that a site shows as it lies there. */
function shownNow(site: string): CertificateFiles | null {
  const value = (name: string) => new RegExp(`^\\s*${name}\\s+([^\\s;]+);`, "m").exec(site)?.[1];
  const [certificate, key] = [value("ssl_certificate"), value("ssl_certificate_key")];
  return certificate && key ? { certificate, key } : null;
}
