import { expect, it } from "vitest";
import { nginxHint } from "../../../src/release/setup/nginx-said.ts";

// Each line is what nginx 1.22 of Debian 12 said of such a site.
const site = "/etc/nginx/sites-enabled/x1";
const failed = "nginx: configuration file /etc/nginx/nginx.conf test failed";

it.each([
  [
    `[emerg] 1213#1213: a duplicate default server for 0.0.0.0:80 in ${site}:1`,
    `one of them in ${site}: take`,
  ],
  [
    '[emerg] 1215#1215: cannot load certificate "/nowhere/c.pem": BIO_new_file() failed (SSL: error:80000002:system library::No such file or directory:calling fopen(/nowhere/c.pem, r) error:10000080:BIO routines::no such file)',
    "/nowhere/c.pem can not be read",
  ],
  [`[emerg] 1217#1217: unknown directive "brotli" in ${site}:1`, "uses brotli, of a module"],
  [
    "[emerg] 1223#1223: could not build server_names_hash, you should increase server_names_hash_bucket_size: 64",
    "server_names_hash_bucket_size 128;",
  ],
  [
    `[emerg] 1225#1225: host not found in upstream "nowhere.invalid" in ${site}:1`,
    "passes to nowhere.invalid",
  ],
  [
    `[emerg] 1227#1227: unexpected end of file, expecting "}" in ${site}:2`,
    `${site}:2 is broken (unexpected end`,
  ],
  [
    `[emerg] 1229#1229: open() "/etc/letsencrypt/options-ssl-nginx.conf" failed (2: No such file or directory) in ${site}:1`,
    "includes /etc/letsencrypt/options-ssl-nginx.conf, which is not there",
  ],
  [
    "nginx: [emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)",
    "another program has 0.0.0.0:80",
  ],
])("%s", (said, hint) => {
  expect(nginxHint(`2026/11/29 13:12:23 ${said}\n${failed}\n`)).toContain(hint);
});

it("tells nothing where it does not know", () => {
  expect(nginxHint(`[emerg] 1#1: something new in ${site}:1\n${failed}\n`)).toBeUndefined();
  expect(nginxHint("E: Unable to locate package nginx")).toBeUndefined();
});
