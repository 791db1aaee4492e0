import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LabHost } from "../../lab/host.ts";
import { waitFor } from "../../lab/wait.ts";

const version = "v2.10.3";
const folder = `/var/cache/djdeploy-lab/pebble-${version}`;

/** Let's Encrypt's own test authority, which asks a lab host on its port 80 as the real one would. */
export interface Pebble {
  /** For tls.certbot.server. */
  directory: string;
  stop(): Promise<void>;
}

/**
 * Starts it with a stand-in for DNS that knows every name as the host's address; the host trusts it, and knows the names. Builds
 * both with Go, once.
 */
export async function startPebble(host: LabHost, names: string[]): Promise<Pebble> {
  if (!existsSync(`${folder}/pebble`)) {
    const programs = ["pebble", "pebble-challtestsrv"].map(
      (name) => `github.com/letsencrypt/pebble/v2/cmd/${name}@${version}`,
    );
    execFileSync("go", ["install", ...programs], {
      env: { ...process.env, GOBIN: folder },
      stdio: "inherit",
    });
  }
  const place = mkdtempSync(join(tmpdir(), "djdeploy-pebble-"));
  const gateway = host.address.replace(/\d+$/, "1");
  execFileSync(
    "openssl",
    `req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=pebble -addext subjectAltName=DNS:pebble -keyout key.pem -out cert.pem`.split(
      " ",
    ),
    { cwd: place, stdio: "ignore" },
  );
  const pebble = {
    listenAddress: `${gateway}:14000`,
    managementListenAddress: `${gateway}:15000`,
    certificate: join(place, "cert.pem"),
    privateKey: join(place, "key.pem"),
    httpPort: 80,
    tlsPort: 443,
    profiles: { default: { description: "ninety days", validityPeriod: 7_776_000 } },
  };
  writeFileSync(join(place, "config.json"), JSON.stringify({ pebble }));
  const dns = `${gateway}:8061`;
  const children = [
    spawn(
      `${folder}/pebble-challtestsrv`,
      [
        "-defaultIPv4",
        host.address,
        "-defaultIPv6",
        "",
        "-dnsserver",
        dns,
        "-http01",
        "",
        "-https01",
        "",
        "-tlsalpn01",
        "",
        "-doh",
        "",
        "-management",
        `${gateway}:8055`,
      ],
      { stdio: "ignore" },
    ),
    spawn(`${folder}/pebble`, ["-config", join(place, "config.json"), "-dnsserver", dns, "-strict"], {
      env: { ...process.env, PEBBLE_VA_NOSLEEP: "1", PEBBLE_WFE_NONCEREJECT: "0" },
      stdio: "ignore",
    }),
  ];
  const known = await host.root(
    `cat >/usr/local/share/ca-certificates/pebble.crt && update-ca-certificates >/dev/null && echo '${gateway} pebble
${host.address} ${names.join(" ")}' >>/etc/hosts`,
    { input: readFileSync(join(place, "cert.pem"), "utf8") },
  );
  if (known.code !== 0) throw new Error(known.stderr);
  const directory = "https://pebble:14000/dir";
  await waitFor(
    async () =>
      (await host.root(`python3 -c 'import urllib.request as u; u.urlopen("${directory}")'`)).code === 0,
    {
      timeoutMs: 20_000,
      what: "pebble",
    },
  );
  return {
    directory,
    async stop() {
      for (const child of children) {
        const ended = new Promise((resolve) => child.once("exit", resolve));
        if (child.exitCode === null && child.kill()) await ended;
      }
      rmSync(place, { recursive: true });
    },
  };
}
