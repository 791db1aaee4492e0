import { expect, test } from "vitest";
import { nginxSite, type SiteOptions } from "../../../src/services/nginx.ts";

const options: SiteOptions = {
  app: "shop-eu",
  path: "/srv/shop-eu",
  names: ["www.example.com", "example.com"],
  tls: "none",
  challenges: null,
  port: null,
  trustedProxies: [],
  ipv6: true,
  staticUrl: "/static/",
  mediaUrl: "/media/",
};

test("a site: link of the live slot as upstream, live files before shared ones, headers that no client can set", () => {
  expect(nginxSite(options)).toBe(`upstream shop-eu-web {
  server unix:/srv/shop-eu/run/web.sock fail_timeout=0;
}

map $http_upgrade $shop_eu_connection {
  default upgrade;
  "" close;
}

# Only names that change with their content may be kept for ever.
map $uri $shop_eu_cache {
  default "public, max-age=60";
  "~\\.[0-9a-f]{8,}\\.[^/]*$" "public, max-age=31536000, immutable";
}

server {
  listen 80;
  listen [::]:80;
  server_name www.example.com example.com;

  access_log /var/log/nginx/shop-eu.access.log;
  error_log /var/log/nginx/shop-eu.error.log;
  client_max_body_size 100m;

  proxy_http_version 1.1;
  proxy_set_header Host $http_host;
  proxy_set_header X-Real-IP $remote_addr;
  proxy_set_header X-Forwarded-For $remote_addr;
  proxy_set_header X-Forwarded-Proto $scheme;
  proxy_set_header X-Forwarded-Host $http_host;
  proxy_set_header Upgrade $http_upgrade;
  proxy_set_header Connection $shop_eu_connection;
  proxy_read_timeout 120s;
  proxy_redirect off;

  # The live release's files, then those of releases that visitors may still have open.
  location ~ ^/static/(?<shop_eu_file>.+)$ {
    root /srv/shop-eu/public;
    disable_symlinks if_not_owner from=/srv/shop-eu/public;
    try_files /static/live/$shop_eu_file /static/hashed/$shop_eu_file @app;
    gzip_static on;
    add_header Cache-Control $shop_eu_cache;
  }

  location ~ ^/media/(?<shop_eu_file>.+)$ {
    root /srv/shop-eu/public;
    disable_symlinks if_not_owner from=/srv/shop-eu/public;
    try_files /media/$shop_eu_file @app;
    add_header X-Content-Type-Options nosniff;
  }

  location / {
    proxy_pass http://shop-eu-web;
  }

  location @app {
    proxy_pass http://shop-eu-web;
  }
}
`);
});

test("without a name it is the host's default site", () => {
  expect(nginxSite({ ...options, names: [], ipv6: false })).toContain(
    "  listen 80 default_server;\n  server_name _;\n",
  );
});

test("behind a balancer the visitor's address and scheme come from it, and from nobody else", () => {
  const site = nginxSite({ ...options, tls: "external", trustedProxies: ["203.0.113.7"] });
  expect(site).toContain("geo $realip_remote_addr $shop_eu_trusted {\n  default 0;\n");
  expect(site).toContain("  203.0.113.7 1;\n");
  expect(site).not.toContain("10.0.0.0/8");
  expect(site).toContain("X-Forwarded-Proto $shop_eu_scheme;");
});

test("the address that a deploy asks at counts as a balancer, where there is one", () => {
  const own = "  set_real_ip_from 192.0.2.9;\n";
  expect(nginxSite({ ...options, trustedProxies: ["203.0.113.7"], askedAt: "192.0.2.9" })).toContain(own);
  expect(nginxSite({ ...options, askedAt: "192.0.2.9" })).not.toContain("set_real_ip_from");
  expect(nginxSite({ ...options, trustedProxies: ["203.0.113.7"], askedAt: "127.0.0.1" })).not.toContain(
    "127.0.0.1 1",
  );
});

test("an unnamed balancer is believed on private networks only", () => {
  expect(nginxSite({ ...options, tls: "external" })).toContain("  set_real_ip_from 10.0.0.0/8;\n");
});

test("with a certificate, port 80 only sends visitors on", () => {
  const site = nginxSite({ ...options, tls: { certificate: "/etc/ssl/a.pem", key: "/etc/ssl/a.key" } });
  expect(site).toContain("    return 301 https://$host$request_uri;\n");
  expect(site).toContain("  listen 443 ssl http2;\n");
  expect(site.match(/proxy_pass/g)).toHaveLength(2);
});

test("an authority's questions are answered over plain HTTP, before and after there is a certificate", () => {
  const folder = "/var/lib/djdeploy/acme/shop-eu";
  const location = `  location ^~ /.well-known/acme-challenge/ {\n    root ${folder};\n`;
  const plain = nginxSite({ ...options, challenges: folder });
  expect(plain).toContain(location);
  const tls = { certificate: "/etc/ssl/a.pem", key: "/etc/ssl/a.key" };
  const both = nginxSite({ ...options, challenges: folder, tls }).split("\nserver {\n");
  expect(both.map((server) => server.includes(location))).toEqual([false, true, false]);
});

test("with a port of its own visitors are sent on to that", () => {
  const tls = { certificate: "/etc/ssl/a.pem", key: "/etc/ssl/a.key" };
  const site = nginxSite({ ...options, port: 8443, tls });
  expect(site).toContain("    return 301 https://$host:8443$request_uri;\n");
});

test("the paths of the project's own URLs; none where files are served from elsewhere", () => {
  const site = nginxSite({ ...options, staticUrl: "/assets/v1.2/", mediaUrl: null });
  expect(site).toContain("location ~ ^/assets/v1\\.2/(?<shop_eu_file>.+)$ {");
  expect(site).not.toContain("/media/");
  expect(site).not.toContain("/static/(");
});
