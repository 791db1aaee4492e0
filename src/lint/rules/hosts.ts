import { and, not, toCondition } from "../../python/logic/decide.ts";
import type { Value } from "../../python/logic/values.ts";
import { FALSE, TRUE } from "../../python/logic/values.ts";
import { elements, holds, isTruthy, type Judge, setting, since } from "../judge.ts";
import { named, someText, texts } from "../questions.ts";
import type { Check, Rule } from "../rule.ts";
import { rule } from "../simple.ts";
import { placeOf, whileUnset } from "../verdict.ts";

const LOCAL = new Set(["localhost", "127.0.0.1", "[::1]", "::1", "0.0.0.0", ".localhost"]);

/** Could a Host header ever equal this entry? A header has no scheme, no port once split, no blanks. */
export function neverMatches(host: string): boolean {
  if (host === "*") return false;
  return host === "" || /[\s/,]/.test(host) || host.includes("*") || /^[^[\]]*:\d+$/.test(host);
}

const list = (j: Judge): Value => setting(j, "ALLOWED_HOSTS");

/** The condition that some entry fits. */
const some = (j: Judge, test: (host: string) => boolean): Value => someText(j, list(j), test);

/** The condition that there are entries, and every one fits. */
function every(j: Judge, test: (host: string) => boolean): Value {
  let all: Value = TRUE;
  const found = elements(j, list(j));
  for (const { item, when } of found) if (item.t !== "str" || !test(item.v)) all = and(all, not(when));
  return found.length === 0 ? FALSE : and(all, isTruthy(j, "ALLOWED_HOSTS"));
}

/** Family H: ALLOWED_HOSTS. */
export const hostRules: Rule[] = [
  rule({
    id: "security.W020",
    level: "error",
    title: "ALLOWED_HOSTS is empty",
    why: "With DEBUG off Django then answers every request with 400 Bad Request.",
    fix: 'List the names the site is reached by: ALLOWED_HOSTS = ["www.example.com"].',
    docs: "ref/settings/#allowed-hosts",
    setting: "ALLOWED_HOSTS",
    message: "ALLOWED_HOSTS is empty: every request is answered with 400",
    hint: "list the names the site is reached by",
    when: (j) => not(isTruthy(j, "ALLOWED_HOSTS")),
  }),
  {
    id: "djdeploy.allowed-hosts-type",
    level: "error",
    title: "ALLOWED_HOSTS is not a list",
    why: "Django 4.0 and later refuse to start; before, each letter of a text is taken for a name.",
    fix: "Make it a list; split the text of a variable at its commas and strip the parts.",
    docs: "ref/settings/#allowed-hosts",
    check: (j) => [
      {
        when: holds(j, list(j), (o) => !["list", "tuple"].includes(o.t), "is no list"),
        setting: "ALLOWED_HOSTS",
        message: since(j, 4)
          ? "ALLOWED_HOSTS is no list or tuple: Django does not start"
          : "ALLOWED_HOSTS is no list or tuple: Django takes each letter of it for a name",
        hint: "make it a list",
      },
    ],
  },
  rule({
    id: "djdeploy.allowed-hosts-wildcard",
    level: "warning",
    title: "ALLOWED_HOSTS allows every name",
    why: "A request can then name any host, which ends up in password reset links and cached pages.",
    fix: "List the names the site is reached by.",
    docs: "ref/settings/#allowed-hosts",
    setting: "ALLOWED_HOSTS",
    message: "ALLOWED_HOSTS holds '*'",
    hint: "list the names the site is reached by",
    when: (j) => some(j, (h) => h === "*"),
  }),
  rule({
    id: "djdeploy.allowed-hosts-never-match",
    level: "error",
    title: "No entry of ALLOWED_HOSTS can match",
    why: "Entries with a scheme, a port, a path, a blank or '*.' never equal a Host header, so every request gets 400.",
    fix: 'Write bare names: "www.example.com", or ".example.com" for all subdomains.',
    docs: "ref/settings/#allowed-hosts",
    setting: "ALLOWED_HOSTS",
    message: "no entry of ALLOWED_HOSTS can ever match a request",
    hint: "write bare names, without scheme, port, blank or '*.'",
    when: (j) => every(j, neverMatches),
  }),
  {
    id: "djdeploy.allowed-hosts-entry",
    level: "warning",
    title: "An entry of ALLOWED_HOSTS never matches",
    why: "Entries with a scheme, a port, a path, a blank or '*.' never equal a Host header.",
    fix: 'Write bare names: "www.example.com", or ".example.com" for all subdomains; strip the parts of a split text.',
    docs: "ref/settings/#allowed-hosts",
    partOf: "djdeploy.allowed-hosts-never-match",
    check: (j) =>
      elements(j, list(j))
        .filter(({ item }) => item.t === "str" && neverMatches(item.v))
        .map(({ item, when }) => ({
          when,
          setting: "ALLOWED_HOSTS",
          message: `${named(j, "entry", item, when)} of ALLOWED_HOSTS never matches a request`,
        })),
  },
  rule({
    id: "djdeploy.allowed-hosts-local",
    level: "warning",
    title: "ALLOWED_HOSTS holds local names only",
    why: "Requests for the site's public name are answered with 400.",
    fix: "Add the names the site is reached by.",
    docs: "ref/settings/#allowed-hosts",
    setting: "ALLOWED_HOSTS",
    message: "ALLOWED_HOSTS holds local names only: no public request is served",
    hint: "add the public name",
    when: (j) => every(j, (h) => LOCAL.has(h)),
  }),
  {
    id: "djdeploy.allowed-hosts-miss-domain",
    level: "error",
    title: "ALLOWED_HOSTS misses the name it is deployed to",
    why: "Requests for that name are answered with 400.",
    fix: "Add the name to ALLOWED_HOSTS.",
    docs: "ref/settings/#allowed-hosts",
    check: (j) =>
      (j.input.deployment?.domains ?? []).map((domain) => ({
        when: and(isTruthy(j, "ALLOWED_HOSTS"), not(some(j, (h) => allows(h, domain)))),
        setting: "ALLOWED_HOSTS",
        message: `ALLOWED_HOSTS does not allow ${domain}, which this environment is deployed to`,
        hint: `add "${domain}"`,
      })),
  },
  {
    id: "djdeploy.allowed-hosts-split",
    level: "info",
    partOf: "djdeploy.allowed-hosts-entry",
    title: "ALLOWED_HOSTS is split without stripping",
    why: "A blank after a comma in the variable becomes part of the name, and that name then never matches.",
    fix: 'Strip the parts: [h.strip() for h in os.environ["ALLOWED_HOSTS"].split(",") if h.strip()].',
    docs: "ref/settings/#allowed-hosts",
    check: splitOnly,
  },
  {
    id: "djdeploy.allowed-hosts-platform",
    level: "warning",
    title: "ALLOWED_HOSTS allows every site of a hosting platform",
    why: "Everyone can get a name there, so the check of the Host header is as good as off.",
    fix: "Write the site's own name instead of the platform's.",
    docs: "ref/settings/#allowed-hosts",
    check: (j) =>
      texts(j, list(j))
        .filter(({ text }) => PLATFORMS.test(text))
        .map(({ text, when }) => ({
          when,
          setting: "ALLOWED_HOSTS",
          message: `ALLOWED_HOSTS holds '${text}': every site of that platform`,
        })),
  },
];

/** Domains under which a platform gives names to all its customers. */
const PLATFORMS =
  /^\.(herokuapp\.com|onrender\.com|vercel\.app|now\.sh|railway\.app|fly\.dev|pythonanywhere\.com|azurewebsites\.net|amazonaws\.com|elasticbeanstalk\.com|ngrok\.io|ngrok-free\.app|appspot\.com|run\.app|ondigitalocean\.app|netlify\.app|gitpod\.io)$/i;

/** `NAME.split(",")` as it stands, with a variable whose value we do not see. */
function splitOnly(j: Judge): Check[] {
  const place = placeOf(j.evaluation, "ALLOWED_HOSTS", TRUE);
  const line = place && (j.evaluation.parsed.get(place.file)?.lines[place.line - 1] ?? "");
  const plain =
    /^ALLOWED_HOSTS\s*(?:\+?=)\s*[^[#]*(?:environ|getenv|config)[^[#]*\.split\((["']),\1\)\s*(#.*)?$/;
  if (!place || !line || !plain.test(line) || /\.replace\(|strip/.test(line)) return [];
  const read = j.evaluation.reads.find((r) => r.place.file === place.file && r.place.line === place.line);
  const hosts = list(j);
  if (!read || hosts.t !== "choice") return [];
  const unset = whileUnset(j.evaluation, hosts);
  return [
    {
      when: toCondition(hosts, (o) => o !== unset),
      whole: true,
      setting: "ALLOWED_HOSTS",
      message: `a blank after a comma in ${read.name} would become part of a name, which then never matches`,
    },
  ];
}

/** Django's validate_host for one entry. */
export function allows(entry: string, host: string): boolean {
  const [e, h] = [entry.toLowerCase(), host.toLowerCase()];
  return e === "*" || e === h || (e.startsWith(".") && (h.endsWith(e) || h === e.slice(1)));
}
