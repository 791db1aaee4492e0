/** Files on a host: the certificate with its chain, and its private key. */
export interface CertificateFiles {
  certificate: string;
  key: string;
}

/** How a certificate is asked for. `server`: the directory of an ACME authority; null = Let's Encrypt's. */
export interface CertbotConfig {
  email: string | null;
  staging: boolean;
  server: string | null;
}

export type Tls = "none" | "external" | CertificateFiles | { certbot: CertbotConfig };

/** null where certbot is not asked for. */
export function certbotOf(tls: Tls): CertbotConfig | null {
  return typeof tls === "object" && "certbot" in tls ? tls.certbot : null;
}

/** Where certbot keeps what it got for an application; a lineage of that name. */
export function lineage(app: string): CertificateFiles & { renewal: string } {
  const folder = `/etc/letsencrypt/live/${app}`;
  return {
    certificate: `${folder}/fullchain.pem`,
    key: `${folder}/privkey.pem`,
    renewal: `/etc/letsencrypt/renewal/${app}.conf`,
  };
}

/** The files that nginx shows; null where no certificate is its own. */
export function certificateFiles(app: string, tls: Tls): CertificateFiles | null {
  if (typeof tls === "string") return null;
  return "certbot" in tls ? lineage(app) : tls;
}

/** Below this certbot's webroot plugin puts `.well-known/acme-challenge/TOKEN`; root's. */
export const challengeFolder = (app: string): string => `/var/lib/djdeploy/acme/${app}`;
