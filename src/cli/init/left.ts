import { commandLine, quote } from "../../host/quote.ts";
import type { Survey } from "../../project/survey.ts";
import { jsonText } from "../../report/json-text.ts";
import type { Offer } from "./offer.ts";

/** One thing that a person has to do, in the order in which it works. */
export interface Left {
  what: string;
  /** Commands to paste, or the place to go to. */
  how: string[];
}

export interface LeftInput {
  survey: Survey;
  app: string;
  environment: string;
  host: string;
  /** The address that needs a certificate on the host; null where none does, or something else sees to it. */
  https: string | null;
  /** djdeploy.yml lets setup get it. */
  certificate: boolean;
  secrets: string[];
  /** What a djdeploy.yml that was kept does not name; null where it was written. */
  missing: { secrets: string[]; vars: Record<string, string> } | null;
  optional: string[];
  files: string[];
  /** `shown`: a person saw the diff already. */
  offered: (Offer & { agreed: boolean; shown: boolean }) | null;
  pinned: boolean;
}

/** What `init` can not do itself, each with the exact command or place. Pure. */
export function leftToDo(input: LeftInput): Left[] {
  const { survey, environment, host, https, secrets, missing, optional, files, pinned } = input;
  const left: Left[] = survey.problems.map(({ message, details }) => ({
    what: message,
    how: details.hint ? [details.hint] : [],
  }));
  if (survey.processes.length > 0) {
    left.push({
      what: "The Procfile names processes besides the web server: put those that are to run into djdeploy.yml",
      how: ["processes:", ...survey.processes.map(processLine)],
    });
  }
  left.push(...notWritten(input.offered));
  if (missing !== null && (missing.secrets.length > 0 || Object.keys(missing.vars).length > 0)) {
    left.push({
      what: "The settings read what djdeploy.yml does not name: add it to what stands there",
      how: [
        "env:",
        ...(missing.secrets.length > 0 ? [`  secrets: [${missing.secrets.join(", ")}]`] : []),
        ...(Object.keys(missing.vars).length > 0 ? ["  vars:"] : []),
        ...Object.entries(missing.vars).map(([name, value]) => `    ${name}: ${jsonText(value)}`),
      ],
    });
  }
  if (https !== null && !input.certificate) {
    left.push({
      what: `${new URL(https).hostname} needs a certificate, and djdeploy.yml does not say whose: without one the first deploy is refused. Write one of these to the environment, before setup`,
      how: [
        "tls: certbot                                   # setup gets one from Let's Encrypt",
        "tls: {certificate: /etc/ssl/site.pem, key: /etc/ssl/private/site.key}   # files of yours on the host",
        "tls: external                                  # a balancer or CDN before this host ends TLS",
      ],
    });
  }
  left.push(
    { what: "See what your settings say about production", how: ["djdeploy lint"] },
    {
      what: `Compare the host's keys with the server's console (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub), then put them under known-hosts of ${environment} in djdeploy.yml`,
      how: [`djdeploy host-key ${host}`],
    },
    ...(pinned
      ? []
      : [
          {
            what: "Pin the action in the three workflows: what stands behind its @ can be moved to another commit",
            how: ["replace it by the full SHA of the release, which its page on GitHub shows"],
          },
        ]),
    {
      what: "Commit: what is not committed is not deployed",
      how: [`git add ${commandLine(files)}`, `git commit -m "Deploy with django-deploy"`],
    },
    ...(https !== null && input.certificate
      ? [
          {
            what: `Let ${new URL(https).hostname} lead to ${host}, and let port 80 and 443 be reached from outside: setup gets the certificate by that. Where something before this host ends TLS, write tls: external in place of tls: certbot`,
            how: [`an A record: ${new URL(https).hostname} → the address of ${host}`],
          },
        ]
      : []),
    {
      what: "Make the host ready, the key that may deploy, and one that may only read for plans on pull requests",
      how: [`djdeploy setup ${environment} --user root --ci-key new --plan-key new`],
    },
  );
  if (secrets.length > 0) {
    left.push({
      what: "Give the values that a release must have; they stay on the host",
      how: secrets.map(setter(environment)),
    });
  }
  if (optional.length > 0) {
    left.push({
      what: `The settings read these too, and have a default: ${optional.join(", ")}. To give one`,
      how: ["add its name to env.secrets in djdeploy.yml, or name and value to env.vars"],
    });
  }
  left.push(...onGithub(input));
  left.push({ what: "Push: the deploy workflow takes it from there", how: ["git push"] });
  return left;
}

/** A line of a Procfile as djdeploy.yml has it. */
function processLine(line: string): string {
  const [, name = "", command = ""] = /^([^:]+):\s*(.*?)\s*$/.exec(line) ?? [];
  return `  ${name.toLowerCase().replaceAll("_", "-")}: ${jsonText(command)}`;
}

/** What a fresh project lacks, where it was not written. */
function notWritten(offered: LeftInput["offered"]): Left[] {
  const left: Left[] = [];
  for (const path of offered?.dirty ?? [])
    left.push({
      what: `Name Django and gunicorn in ${path}: it has changes of yours and was left alone`,
      how: [],
    });
  if (offered && !offered.agreed && offered.diff !== "")
    left.push({
      what: "The settings are for development; djdeploy init --yes writes this, or apply it yourself",
      how: offered.shown ? Object.keys(offered.files) : offered.diff.trimEnd().split("\n"),
    });
  return left;
}

function setter(environment: string) {
  return (name: string) =>
    `djdeploy env ${environment} set ${name}${/SECRET_KEY$/.test(name) ? " --generate" : ""}`;
}

function onGithub({ survey, app, environment }: LeftInput): Left[] {
  const repository = survey.repository?.split("/").slice(-2).join("/") ?? "OWNER/REPOSITORY";
  const place = `https://${survey.repository ?? "github.com/OWNER/REPOSITORY"}/settings`;
  const key = `~/.ssh/djdeploy-${app}-${environment}`;
  const deploying = [environment, `${environment}-rollback`];
  const api = (name: string) => `repos/${repository}/environments/${name}`;
  return [
    {
      what: `Make an environment of GitHub's for deploys and one for rollbacks, which give their key to workflows of ${survey.branch} alone: without that rule whoever may push a branch takes the key with a workflow of his own (by hand: ${place}/environments, Deployment branches and tags, Selected branches and tags)`,
      how: deploying.flatMap((name) => [
        `gh api -X PUT ${api(name)} -F 'deployment_branch_policy[protected_branches]=false' -F 'deployment_branch_policy[custom_branch_policies]=true'`,
        `gh api -X POST ${api(name)}/deployment-branch-policies -f name=${quote(survey.branch)}`,
      ]),
    },
    {
      what: "And one for plans. It can have no such rule, because pull requests come from any branch: its key may only read",
      how: [`gh api -X PUT ${api(`${environment}-plan`)}`],
    },
    {
      what: "Give them the keys (a private repository on a free plan has no environments: set SSH_PRIVATE_KEY once, without --env, to the first key, which whoever may push a branch can then take)",
      how: [
        ...deploying.map((name) => `gh secret set SSH_PRIVATE_KEY --env ${name} < ${key}`),
        `gh secret set SSH_PRIVATE_KEY --env ${environment}-plan < ${key}-plan`,
      ],
    },
    {
      what: `Protect ${survey.branch}, so that only reviewed changes are deployed`,
      how: [`${place}/branches`],
    },
  ];
}
