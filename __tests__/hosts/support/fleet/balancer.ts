import { bootHost, type LabHost } from "../../../../lab/host.ts";
import { savedLayer } from "../../../../lab/layer.ts";

/** A host of its own in front of the web hosts: HAProxy as Debian has it. */
export interface Balancer {
  host: LabHost;
  url: string;
}

/**
 * What a user would write. A connection that a host does not take goes to the next one (nothing was asked yet); an
 * answer is passed on as it is, good or bad: what a deploy does wrong is seen. A host that does not answer its check
 * twice is left out. The text of an error that HAProxy makes itself names the host that it is about.
 */
const configuration = (hosts: LabHost[]) => `global
  log /dev/log local0
  stats socket /run/haproxy/admin.sock mode 600
defaults
  mode http
  log global
  option httplog
  timeout connect 1s
  timeout client 30s
  timeout server 20s
  retries 3
  option redispatch 1
  http-error status 502 content-type text/plain lf-string "nothing whole came from %s"
  http-error status 503 content-type text/plain lf-string "no connection to %s"
  http-error status 504 content-type text/plain lf-string "no answer in time from %s"
frontend site
  bind :80
  default_backend web
backend web
  balance roundrobin
  option httpchk
  http-check send meth GET uri /where/ ver HTTP/1.1 hdr host shop.example.com
  http-response return status 500 content-type text/plain lf-string "a bad answer from %s" if { status ge 500 }
  default-server check inter 500ms fall 2 rise 1
${hosts.map((host, index) => `  server web${index + 1} ${host.address}:80`).join("\n")}
`;

export async function bootBalancer(hosts: LabHost[]): Promise<Balancer> {
  const layer = await savedLayer({ name: "haproxy", base: "bookworm", key: "haproxy" }, async (host) => {
    const done = await host.root(
      "DEBIAN_FRONTEND=noninteractive apt-get -q -y install --no-install-recommends haproxy; haproxy -v",
    );
    if (done.code !== 0) throw new Error(`haproxy: ${done.stdout}${done.stderr}`);
  });
  const host = await bootHost({ layer, name: "balancer" });
  const done = await host.root(
    "cat >/etc/haproxy/haproxy.cfg; haproxy -c -f /etc/haproxy/haproxy.cfg && systemctl restart haproxy",
    { input: configuration(hosts) },
  );
  if (done.code !== 0) throw new Error(`haproxy: ${done.stdout}${done.stderr}`);
  return { host, url: `http://${host.address}/where/` };
}
