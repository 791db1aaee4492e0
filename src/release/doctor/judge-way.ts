import type { Config } from "../../config/types.ts";
import { certbotOf } from "../../services/certificate.ts";
import { finding } from "./finding.ts";
import type { Finding, Looked } from "./types.ts";

/** Whether visitors come in. */
export function ofOutside(config: Config, host: string, { outside }: Looked): Finding[] {
  if (outside === undefined) return [];
  if (outside === null) return [finding("outside", "ok", "visitors get an answer from outside")];
  return [
    finding("outside", "error", `from here nobody gets an answer of ${host}`, {
      expected: "an answer over HTTP",
      seen: outside,
      fix: `open ports 80 and 443 in the host's firewall (ufw allow 80,443/tcp) and the provider's; where visitors come another way, front: {public: never} for ${config.environment}`,
    }),
  ];
}

/** What HTTPS shows them. */
export function ofCertificate(config: Config, { certificate }: Looked): Finding[] {
  if (certificate === null) return [];
  if ("unknown" in certificate)
    return [
      finding("certificate", "error", "HTTPS shows no certificate", {
        seen: certificate.unknown,
        fix: `djdeploy setup ${config.environment} --user root`,
      }),
    ];
  const { daysLeft, late, names, distrust } = certificate;
  const renewed = certbotOf(config.tls) !== null;
  const fix = renewed
    ? "certbot renew --dry-run on the host says why it was not renewed"
    : `put a new one in its place, then djdeploy setup ${config.environment} --user root`;
  const lasts = `${names.join(", ") || "no names"}; ${daysLeft} days left`;
  if (daysLeft < 0)
    return [finding("certificate", "error", "the certificate has expired", { seen: lasts, fix })];
  return [
    late
      ? finding("certificate", "warning", "the certificate ends soon", { seen: lasts, fix })
      : finding("certificate", "ok", `certificate for ${lasts}`),
    ...(distrust
      ? [
          finding("certificate", "warning", "the certificate is not trusted here", {
            expected: "one that leads to an authority that browsers know",
            seen: distrust,
            fix: renewed
              ? "is tls.certbot.staging still set?"
              : "append the intermediate certificates, or get it from an authority that browsers know",
          }),
        ]
      : []),
  ];
}
