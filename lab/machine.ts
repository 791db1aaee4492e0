import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const debian = { mirror: "http://deb.debian.org/debian", security: "http://deb.debian.org/debian-security" };
const authorities = "/etc/ssl/certs/ca-certificates.crt";

/** What a host takes over from this machine so that package registries answer inside it as they do outside: path to text. */
export function machineFiles(): Record<string, string> {
  const files: Record<string, string> = {
    "/etc/resolv.conf": resolver(),
    "/etc/apt/apt.conf.d/80machine": aptSettings(),
  };
  if (existsSync(authorities)) {
    files[authorities] = readFileSync(authorities, "utf8");
    // As a local authority it survives every later run of update-ca-certificates inside the host.
    files["/usr/local/share/ca-certificates/machine.crt"] = files[authorities];
  }
  for (const path of ["/etc/pip.conf", "/etc/uv/uv.toml"])
    if (existsSync(path)) files[path] = readFileSync(path, "utf8");
  // uv brings its own authorities; where pip is told to use the system's, uv has to be told as well.
  if (files["/etc/pip.conf"]?.includes("cert")) files["/etc/uv/uv.toml"] ??= "system-certs = true\n";
  return files;
}

/** apt's own settings of this machine that decide whether a mirror can be reached and is believed. */
function aptSettings(): string {
  const dump = execFileSync("apt-config", ["dump"], { encoding: "utf8" });
  const lines = dump
    .split("\n")
    .filter((line) => /^Acquire::(https?::Proxy|Check-\S+|ForceIPv4) /i.test(line));
  const proxy = process.env.http_proxy ?? process.env.HTTP_PROXY;
  if (proxy) lines.push(`Acquire::http::Proxy "${proxy}";`);
  return lines.map((line) => `${line}\n`).join("");
}

/** The name servers of this machine as its hosts can reach them. */
function resolver(): string {
  const own = readFileSync("/etc/resolv.conf", "utf8");
  // systemd-resolved listens on the machine's loopback, which a host can not reach; this file names the real servers.
  const behind = "/run/systemd/resolve/resolv.conf";
  return own.includes("127.0.0.53") && existsSync(behind) ? readFileSync(behind, "utf8") : own;
}

/** The Debian mirror that apt uses here; Debian's own where apt knows none (Ubuntu). */
export function mirrors(): { mirror: string; security: string } {
  const folder = "/etc/apt/sources.list.d";
  const names = existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
  const text = ["/etc/apt/sources.list", ...names]
    .filter((path) => existsSync(path))
    .map((path) => readFileSync(path, "utf8"))
    .join("\n");
  const urls = [...text.matchAll(/^\s*(?:URIs:|deb\b.*?)\s*(https?:\/\/\S+)/gm)].map(
    (match) => match[1] ?? "",
  );
  const mirror = urls.find((url) => /\/debian\/?$/.test(url));
  const security = urls.find((url) => /\/debian-security\/?$/.test(url));
  return { mirror: mirror ?? debian.mirror, security: security ?? debian.security };
}
