import { isIP, isIPv6 } from "node:net";
import type { HostConfig } from "../types.ts";
import { text, textWhere } from "./fields.ts";

/** Values with a meaning of their own, used by several keys. */

export const command = text("a command", /^[^\0\r\n]*\S[^\0\r\n]*$/);
export const pattern = text("a gitignore pattern", /^[^\0\r\n]+$/);
export const pythonName = text(
  "a dotted Python name such as tute.settings",
  /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/,
);
export const application = text(
  "a module and a callable such as tute.wsgi:application",
  /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/,
);
export const settingName = text("the name of a setting such as MIDDLEWARE", /^[A-Z][A-Z0-9_]*$/);
export const variable = text(
  "the name of an environment variable such as SECRET_KEY",
  /^[A-Za-z_][A-Za-z0-9_]*$/,
);
export const value = text('text ("" for empty)', /^[^\0]*$/);
export const role = text("the name of a role such as web", /^[a-z][a-z0-9-]*$/);
export const userName = text("the name of a Linux user", /^[a-z_][a-z0-9_-]{0,31}$/);
export const pythonVersion = text(
  'auto or a version specifier such as ">=3.12"',
  /^(auto|(~=|===?|!=|<=?|>=?)\s*\d+(\.\d+)*(\.\*)?(\s*,\s*(~=|===?|!=|<=?|>=?)\s*\d+(\.\d+)*(\.\*)?)*)$/,
);
export const percent = text("a percentage such as 50%", /^([1-9]\d?|100)%$/);

/** A path that stays inside the repository. */
export const inside = textWhere(
  "a path below the folder of djdeploy.yml",
  (path) => /^[^\0\r\n\\]+$/.test(path) && !path.startsWith("/") && !path.split("/").includes(".."),
);

/** Names that end up in units, nginx and sudoers files: no blanks, no quotes, no variables. */
export const absolute = text(
  "an absolute path",
  /^(?!.*\/\.{1,2}(\/|$))\/[A-Za-z0-9._@+-][A-Za-z0-9._@+/-]*$/,
);

const systemFolders = "bin boot dev etc lib lib32 lib64 proc root run sbin sys usr".split(" ");
const sharedFolders =
  "/ /home /media /mnt /opt /srv /tmp /var /var/lib /var/log /var/www /var/cache /var/tmp".split(" ");

/** A folder that one application may own as a whole: not a system folder, not one that holds other people's things. */
export const releasePath = textWhere(
  "an absolute path of the application's own such as /srv/counter",
  (written) => {
    if (!/^\/[A-Za-z0-9._/-]+$/.test(written) || written.split("/").some((part) => /^\.{1,2}$/.test(part)))
      return false;
    const path = `/${written.split("/").filter(Boolean).join("/")}`;
    const isHome = /^\/home\/[^/]+$/.test(path);
    return !isHome && !sharedFolders.includes(path) && !systemFolders.includes(path.split("/")[1]!);
  },
);

export const url = textWhere("an address such as https://www.example.com", (written) => {
  if (!/^https?:\/\/[^\s@]+$/i.test(written) || !URL.canParse(written)) return false;
  const { search, hash, hostname } = new URL(written);
  // One address: a site of many names is asked by one of them.
  return search === "" && hash === "" && isHostName(hostname.replace(/^\[|\]$|\.$/g, ""));
});

const label = "[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?";
export const domain = text(
  "a domain such as www.example.com",
  new RegExp(`^(\\*\\.)?${label}(\\.${label})*$`),
);
export const hostName = textWhere("the name or address of a host", isHostName);
export const listen = textWhere("socket or a port such as 127.0.0.1:8000", (written) => {
  if (written === "socket") return true;
  const { host, port } = splitPort(written);
  return port !== null && isIP(host) > 0;
});

/** Asked as it stands: what browsers cut off (#) or take for a host (//) is no part of a path. */
export const urlPath = text("a path such as /health/", /^\/(?!\/)[\x21\x22\x24-\x7e]*$/);
export const debianPackage = text("the name of a Debian package", /^[a-z0-9][a-z0-9+.-]+$/);
export const checkId = text(
  "the identifier of a finding such as security.W008",
  /^[A-Za-z_][\w-]*(\.[A-Za-z_][\w-]*)*\.[\w-]+$/,
);

const pin =
  /^\s*(SHA256:[A-Za-z0-9+/]{43}=?|(@(revoked|cert-authority)\s+)?\S+\s+(ssh|ecdsa|sk)-\S+\s+[A-Za-z0-9+/]{16,}=*(\s.*)?)\s*$/;

/** A line of a known_hosts file, or the fingerprint `ssh-keygen -lf` prints. src/ssh reads them in depth. */
export const hostKey = text("a known_hosts line or a SHA256: fingerprint", pin);

/** The same as one block of lines, as ssh-keyscan prints them; comments and empty lines are left out. */
export const hostKeyBlock = textWhere("known_hosts lines", (block) => {
  const lines = pinLines(block);
  return lines.length > 0 && lines.every((line) => pin.test(line));
}).transform(pinLines);

function pinLines(block: string): string[] {
  return block.split(/\r?\n/).filter((line) => !/^\s*(#|$)/.test(line));
}

export const hostText = textWhere("[user@]host[:port]", (written) => parseHost(written) !== null);

/**
 * `[user@]host[:port]`, an IPv6 address in brackets when a port follows. Null when it is none of that; a leading dash is
 * refused, because ssh would read it as an option.
 */
export function parseHost(written: string): Omit<HostConfig, "roles"> | null {
  const cut = written.lastIndexOf("@");
  const user = cut < 0 ? null : written.slice(0, cut);
  if (user !== null && !/^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(user)) return null;
  const { host, port } = splitPort(written.slice(cut + 1));
  if (!isHostName(host) || (port !== null && !(port >= 1 && port <= 65535))) return null;
  return { name: host, host, user, port };
}

function splitPort(written: string): { host: string; port: number | null } {
  if (isIPv6(written)) return { host: written, port: null };
  const match = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::(\d{1,5}))?$/.exec(written);
  if (!match) return { host: "", port: null };
  const [, bracketed, plain, port] = match;
  if (bracketed !== undefined && !isIPv6(bracketed)) return { host: "", port: null };
  return { host: bracketed ?? plain!, port: port === undefined ? null : Number(port) };
}

export function isHostName(written: string): boolean {
  return isIP(written) > 0 || /^[A-Za-z0-9_]([A-Za-z0-9._-]{0,251}[A-Za-z0-9_])?$/.test(written);
}
