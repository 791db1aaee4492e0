import { z } from "zod";
import {
  auto,
  duration,
  either,
  flag,
  key,
  list,
  oneOf,
  required,
  said,
  section,
  text,
  whole,
} from "./fields.ts";
import * as v from "./values.ts";

/** Keys that stand under an environment only. */

const port = whole(1, 65535);

const hostSchema = said(
  "[user@]host[:port] or a map with host",
  z.strictObject(
    {
      host: required(v.hostName, "Name, address, or an alias of `~/.ssh/config` (command line only).", [
        "web1.example.com",
      ]),
      port: key(port, null, "The SSH port.", { defaultText: "22, or what ssh_config says" }),
      user: key(
        text("the name of a user", /^[A-Za-z0-9_][A-Za-z0-9._-]*$/),
        null,
        "Who logs in and deploys. Not `server.user`, unless `server.scope` is `user`.",
        {
          defaultText: "`NAME_deploy`, where NAME is `server.user`; that user with `scope: user`",
        },
      ),
      roles: key(list(v.role, "roles"), ["web"], "What the host is for.", { examples: [["web", "jobs"]] }),
    },
    { error: "[user@]host[:port] or a map with host" },
  ),
);

const hosts = said(
  "a list of hosts",
  list(either(v.hostText, hostSchema), "hosts").min(1, { error: "a list of at least one host" }),
);

const pins = "known_hosts lines or SHA256: fingerprints, as a list or one block of lines";
const knownHosts = said(pins, z.union([list(v.hostKey, "pins"), v.hostKeyBlock], { error: pins }));

const front = section(
  {
    address: key(v.hostName, "127.0.0.1", "Where each host's own front door answers."),
    port: key(auto(port), "auto", "`auto` follows the scheme: 80 or 443.", { examples: [8080] }),
    scheme: key(oneOf("auto", "http", "https"), "auto", "`auto` follows `url` and `tls`."),
    public: key(
      oneOf("warn", "required", "never"),
      "warn",
      "Whether somebody outside gets an answer, asked once from where djdeploy runs, at the host's own address and by its name: a firewall that closes 80 or 443 is not seen from the host. `warn` says so, `required` makes the run red and goes back. Not asked behind a balancer (`tls: external`, `trusted-proxies`), behind `proxy-jump` and for a port on loopback.",
    ),
    "trusted-proxies": key(
      list(text("an address or a network such as 10.0.0.0/8", /^[0-9A-Fa-f:.]+(\/\d{1,3})?$/), "addresses"),
      [],
      "Balancers that end TLS: nginx takes the visitor's address and scheme (`X-Forwarded-For`, `X-Forwarded-Proto`) from these and from the host itself, and from nobody else.",
      { examples: [["10.0.0.0/8"]] },
    ),
  },
  "The front door that is probed after the switch.",
);

const requireChecks = section(
  {
    names: key(
      list(text("the name of a check"), "names of checks"),
      [],
      "Checks of the commit that must have passed.",
      {
        examples: [["test"]],
      },
    ),
    wait: key(duration(), "15m", "How long to wait for them."),
  },
  "Checks that guard this environment.",
);

const rollout = section(
  {
    canary: key(whole(0, 1000), 1, "Hosts that go first."),
    batch: key(v.percent, "50%", "How many of the others go at a time."),
    pause: key(duration(), "0s", "Between batches."),
    "max-failures": key(
      whole(0, 1000),
      0,
      "Hosts that may fail while the others go on without them; the run is red all the same (exit 8, `partial`). Never a canary, nor a host that runs `processes`.",
    ),
  },
  "How a release spreads over several hosts.",
);

const tlsForms = "none, external, certbot, a map with certificate and key, or one with certbot";

const certbot = section(
  {
    email: key(
      text("an e-mail address", /^[^\s@,]+@[^\s@,]+$/),
      null,
      "The authority writes there when it has to; without one the account has no address.",
      { examples: ["ops@example.com"] },
    ),
    staging: key(
      flag(),
      false,
      "Let's Encrypt's staging authority: no browser trusts it, and its limits are high.",
    ),
    server: key(
      text("an address such as https://ca.example.com/acme/directory", /^https:\/\/[^\s"'\\]+$/),
      null,
      "The directory of another ACME authority.",
      { defaultText: "that of Let's Encrypt", examples: ["https://ca.example.com/acme/directory"] },
    ),
  },
  "How the certificate is asked for.",
);

const tls = said(
  tlsForms,
  z.union(
    [
      oneOf("none", "external", "certbot"),
      z.strictObject({ certbot }, { error: "a map with certbot" }),
      z.strictObject(
        {
          certificate: required(v.absolute, "The certificate with its chain, on the host.", [
            "/etc/ssl/site.pem",
          ]),
          key: required(v.absolute, "Its private key, on the host.", ["/etc/ssl/private/site.key"]),
        },
        { error: "a map with certificate and key" },
      ),
    ],
    { error: tlsForms },
  ),
);

export const environmentKeys = {
  url: key(v.url, null, "Probed through the front door and shown in GitHub.", {
    examples: ["https://www.example.com"],
  }),
  hosts: required(
    hosts,
    "`[user@]host[:port]`, an alias of `~/.ssh/config` (command line only), or a map {host, port, user, roles}. Who logs in and deploys is `NAME_deploy` unless told, where NAME is `server.user`. An IPv6 address with a port stands in brackets and quotes.",
    [
      ["web1.example.com"],
      ["deploy@203.0.113.10:2222"],
      ["[2001:db8::1]:22"],
      [{ host: "jobs.example.com", roles: ["jobs"] }],
    ],
  ),
  "known-hosts": key(
    knownHosts,
    null,
    "Pins of the hosts' keys. Order: the action's `known-hosts` input, this key, `~/.ssh/known_hosts`. `djdeploy host-key HOST` prints them.",
    { examples: [["SHA256:uNiVztksCsDhcc0u9e8BrrJXVUDKpPD2zQqPvnNxJGQ"]] },
  ),
  "proxy-jump": key(v.hostText, null, "One jump host, as user@bastion[:port].", {
    examples: ["ops@bastion.example.com"],
  }),
  front,
  nginx: key(
    oneOf("manage", "print", "none"),
    "manage",
    "Whether `setup` writes the nginx site, only prints it, or leaves it alone. A site file that djdeploy did not write is never overruled.",
  ),
  domains: key(list(v.domain, "domains"), [], "For nginx's `server_name`.", {
    defaultText: "the host of `url`",
    examples: [["example.com", "www.example.com"]],
  }),
  tls: key(
    tls,
    "none",
    "`certbot`: `setup` gets a certificate for `domains` (Let's Encrypt's, or another ACME authority's) and sends visitors on to HTTPS; with that you agree to the authority's terms. A map with `certificate` and `key`: files of yours on the host. `external`: something before this host ends TLS, or nginx is yours.",
    {
      examples: [
        "certbot",
        { certbot: { email: "ops@example.com" } },
        "external",
        { certificate: "/etc/ssl/site.pem", key: "/etc/ssl/private/site.key" },
      ],
    },
  ),
  branches: key(
    list(text("a branch"), "branches"),
    ["main"],
    "Only these may deploy here: branches by name or pattern (`*` is one level), tags as `tags/v*`; an empty list lets all.",
    {
      examples: [["main", "release/*"]],
    },
  ),
  "require-protected": key(
    said("warn, true or false", z.union([z.literal("warn"), flag()], { error: "warn, true or false" })),
    "warn",
    "Whether the commit must come from a protected branch or tag.",
    { examples: [true] },
  ),
  "require-checks": requireChecks,
  ancestry: key(
    oneOf("not-older", "any"),
    "not-older",
    "`not-older` refuses a strict ancestor of what is live.",
  ),
  rollout,
};
