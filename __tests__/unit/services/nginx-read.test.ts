import { expect, test } from "vitest";
import { serverBlocks } from "../../../src/services/nginx-read.ts";

test("names, ports and defaults of a file's server blocks", () => {
  const text = `
# server { server_name commented.example; }
upstream x { server unix:/run/x.sock; }
server {
  listen 80 default_server;
  listen [::]:80 default_server; listen unix:/run/y.sock;
  server_name _;
  location / { return 200 "server { server_name quoted.example; }"; }
}
server { server_name A.example
  "b.example"; # after
  if ($host = c.example) { return 301 https://$host; }
  listen 10.0.0.1; listen 8443 ssl; }
server { server_name only.example; }`;
  expect(serverBlocks(text)).toEqual([
    { names: ["_"], ports: [80, 80], isDefault: true },
    { names: ["a.example", "b.example"], ports: [80, 8443], isDefault: false },
    { names: ["only.example"], ports: [80], isDefault: false },
  ]);
});
