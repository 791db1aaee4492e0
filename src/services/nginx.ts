import type { CertificateFiles } from "./certificate.ts";

export interface SiteOptions {
  app: string;
  /** Folder of the application on the host (release.path). */
  path: string;
  /** Names the site answers to; none = it is the host's default site. */
  names: string[];
  tls: "none" | "external" | CertificateFiles;
  /** Folder below which certbot puts its answers to an authority; null = it is not used. */
  challenges: string | null;
  /** Where the front door listens; null = 80, or 443 with a certificate of its own. */
  port: number | null;
  /** Addresses or networks of balancers in front. */
  trustedProxies: string[];
  /** Where a deploy asks this front door: from the host itself, as a balancer would. Absent: on loopback. */
  askedAt?: string;
  /** Without root there is no folder of what is public: nginx walks through the release and shared/. */
  own?: boolean;
  /** False where the host's kernel has no IPv6: nginx would not start. */
  ipv6: boolean;
  /** Path that collected files are served below, `/static/`; null = not by this site. */
  staticUrl: string | null;
  mediaUrl: string | null;
}

export const siteFile = (app: string): string => `/etc/nginx/sites-available/${app}`;
export const siteLink = (app: string): string => `/etc/nginx/sites-enabled/${app}`;

/** A balancer that ends TLS and was not named stands in one of these; the internet at large does not. */
const privateNetworks = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"];
const loopback = ["127.0.0.0/8", "::1"];

/**
 * The nginx site of one application. Its upstream is the link `run/web.sock`, which nginx opens anew for every
 * connection: a release is switched without a reload.
 *
 * X-Forwarded-* of a client is never believed: Host, address and scheme are set here. Behind a balancer that ends TLS
 * address and scheme are taken from it when it connects from one of `trustedProxies` (with `tls: external` and none:
 * from a private network) or from the host itself, which asks as a balancer does when a release is proven.
 */
export function nginxSite(options: SiteOptions): string {
  const { app } = options;
  const name = variable(app);
  return `upstream ${app}-web {
  server unix:${options.path}/run/web.sock fail_timeout=0;
}

map $http_upgrade $${name}_connection {
  default upgrade;
  "" close;
}

# Only names that change with their content may be kept for ever.
map $uri $${name}_cache {
  default "public, max-age=60";
  "~\\.[0-9a-f]{8,}\\.[^/]*$" "public, max-age=31536000, immutable";
}
${schemeMap(options)}${servers(options)}`;
}

/** \`shop-eu\` as a part of nginx's variable names, which know no dash. */
function variable(app: string): string {
  return app.replaceAll("-", "_");
}

function trusted(options: SiteOptions): string[] {
  const own =
    options.askedAt && !options.askedAt.startsWith("127.") && options.askedAt !== "::1"
      ? [options.askedAt]
      : [];
  const here = [...loopback, ...own];
  if (options.trustedProxies.length > 0) return [...new Set([...here, ...options.trustedProxies])];
  return options.tls === "external" ? [...here, ...privateNetworks] : [];
}

function schemeMap(options: SiteOptions): string {
  const networks = trusted(options);
  if (networks.length === 0) return "";
  const name = variable(options.app);
  return `
# Who may say how the visitor came here.
geo $realip_remote_addr $${name}_trusted {
  default 0;
${networks.map((network) => `  ${network} 1;\n`).join("")}}

map $${name}_trusted$http_x_forwarded_proto $${name}_scheme {
  default $scheme;
  1https https;
  1http http;
}
`;
}

function servers(options: SiteOptions): string {
  if (typeof options.tls === "string")
    return server(options, listen(options, options.port ?? 80, ""), challenges(options));
  const certificate = `  ssl_certificate ${options.tls.certificate};
  ssl_certificate_key ${options.tls.key};
  ssl_protocols TLSv1.2 TLSv1.3;
  ssl_session_cache shared:${options.app}:2m;
`;
  const redirect = `
server {
${listen(options, 80, "")}${serverName(options)}
${challenges(options)}  location / {
    return 301 ${away(options.port)}$request_uri;
  }
}
`;
  return redirect + server(options, listen(options, options.port ?? 443, " ssl http2"), certificate);
}

/** Where visitors are sent on to. */
function away(port: number | null): string {
  return port === null || port === 443 ? "https://$host" : `https://$host:${port}`;
}

/** An authority asks over plain HTTP; nothing else lies there. */
function challenges({ challenges: folder }: SiteOptions): string {
  if (folder === null) return "";
  return `  location ^~ /.well-known/acme-challenge/ {
    root ${folder};
    default_type text/plain;
  }

`;
}

function listen(options: SiteOptions, port: number, flags: string): string {
  const words = `${flags}${options.names.length === 0 ? " default_server" : ""};\n`;
  return `  listen ${port}${words}${options.ipv6 ? `  listen [::]:${port}${words}` : ""}`;
}

function serverName(options: SiteOptions): string {
  return `  server_name ${options.names.length === 0 ? "_" : options.names.join(" ")};\n`;
}

function server(options: SiteOptions, listens: string, certificate: string): string {
  const { app } = options;
  const name = variable(app);
  const networks = trusted(options);
  const realIp = networks.length === 0 ? "" : `${realAddress(networks)}\n`;
  const scheme = networks.length === 0 ? "$scheme" : `$${name}_scheme`;
  return `
server {
${listens}${serverName(options)}${certificate}
  access_log /var/log/nginx/${app}.access.log;
  error_log /var/log/nginx/${app}.error.log;
  client_max_body_size 100m;

${realIp}  proxy_http_version 1.1;
  proxy_set_header Host $http_host;
  proxy_set_header X-Real-IP $remote_addr;
  proxy_set_header X-Forwarded-For $remote_addr;
  proxy_set_header X-Forwarded-Proto ${scheme};
  proxy_set_header X-Forwarded-Host $http_host;
  proxy_set_header Upgrade $http_upgrade;
  proxy_set_header Connection $${name}_connection;
  proxy_read_timeout 120s;
  proxy_redirect off;

  # The live release's files, then those of releases that visitors may still have open.
${files(
  options,
  options.staticUrl,
  options.own ? ["/current/.djdeploy/static", "/shared/static"] : ["/static/live", "/static/hashed"],
  `    gzip_static on;
    add_header Cache-Control $${name}_cache;
`,
)}
${files(options, options.mediaUrl, [options.own ? "/shared/media" : "/media"], "    add_header X-Content-Type-Options nosniff;\n")}
  location / {
    proxy_pass http://${app}-web;
  }

  location @app {
    proxy_pass http://${app}-web;
  }
}
`;
}

function realAddress(networks: string[]): string {
  const from = networks.map((network) => `  set_real_ip_from ${network};\n`).join("");
  return `${from}  real_ip_header X-Forwarded-For;\n  real_ip_recursive on;\n`;
}

/** Files below a URL prefix from the first tree that has them; the application answers for the rest. */
function files(options: SiteOptions, url: string | null, trees: string[], more: string): string {
  if (url === null) return "";
  const file = `$${variable(options.app)}_file`;
  // A link leads only to what belongs to who made it.
  const root = options.own
    ? `root ${options.path};`
    : `root ${options.path}/public;
    disable_symlinks if_not_owner from=${options.path}/public;`;
  return `  location ~ ^${url.replaceAll(".", "\\.")}(?<${file.slice(1)}>.+)$ {
    ${root}
    try_files ${trees.map((tree) => `${tree}/${file}`).join(" ")} @app;
${more}  }
`;
}
