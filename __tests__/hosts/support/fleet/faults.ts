import * as act from "./acts.ts";
import * as broken from "./broken.ts";
import { deployed, type Ending, type Fault, keptOld, partial, reverted } from "./fault.ts";
import { canary, type Name } from "./fleet.ts";

const behindTheCanary = (name: Name): Ending => (name === canary ? keptOld() : reverted);

/** All hosts are switched, and the last one is not good: all go back. */
const sentBack = () => broken.behindNginx("web3");

const guard: Fault[] = [
  {
    ...{ phase: "guard", step: "connect", how: "sshd does not answer" },
    before: act.noSshd.act,
    mend: act.noSshd.mend,
    ending: keptOld(5),
  },
  {
    ...{ phase: "guard", step: "connect", how: "another run holds the lock" },
    ci: "web3",
    before: act.otherRun.act,
    mend: act.otherRun.mend,
    ending: { exit: 6, result: "locked", serves: "old" },
  },
  {
    ...{ phase: "guard", step: "connect", how: "the lock's folder is read-only" },
    before: act.readOnly("/srv/shop/.djdeploy").act,
    mend: act.readOnly("/srv/shop/.djdeploy").mend,
    ending: keptOld(),
  },
];

const prepare: Fault[] = [
  {
    ...{ phase: "prepare", step: "front", how: "nginx is stopped" },
    at: { op: "look", when: "before" },
    ...act.nginxStopped,
    ending: keptOld(),
  },
  {
    ...{ phase: "prepare", step: "front", how: "nginx leads elsewhere" },
    at: { op: "look", when: "before" },
    ...act.nginxToNobody,
    ending: keptOld(),
    costs: true,
  },
  {
    ...{ phase: "prepare", step: "upload", how: "the release's folder is read-only" },
    at: { op: "upload", when: "before" },
    ...act.readOnlyFiles,
    ending: keptOld(),
  },
  {
    ...{ phase: "prepare", step: "upload", how: "the disk is full" },
    before: act.full("releases", 8).act,
    mend: act.full("releases", 8).mend,
    ending: keptOld(),
  },
  {
    ...{ phase: "prepare", step: "environment", how: "env/ is read-only" },
    at: { op: "env", when: "before" },
    ...act.readOnly("/srv/shop/env"),
    ending: keptOld(),
  },
  {
    ...{ phase: "prepare", step: "venv", how: "the installer is killed" },
    files: broken.requirements,
    at: { op: "step", step: "venv", when: "before" },
    meanwhile: act.killStep("venv"),
    ending: keptOld(),
  },
  {
    ...{ phase: "prepare", step: "server", how: "the release's own folder is read-only" },
    at: { op: "launch", nth: 2, when: "before" },
    ...act.readOnlyStart,
    ending: keptOld(),
  },
  {
    ...{ phase: "prepare", step: "check", how: "Django is killed" },
    ci: "web2",
    at: { op: "inspect", when: "before" },
    meanwhile: act.killStep("check"),
    ending: keptOld(),
  },
  {
    ...{ phase: "prepare", step: "check", how: "the settings do not load there" },
    files: broken.settings,
    ending: keptOld(3),
  },
  {
    ...{ phase: "prepare", step: "collectstatic", how: "it fails there" },
    files: broken.collectstatic,
    ending: keptOld(),
  },
  {
    ...{ phase: "prepare", step: "boot", how: "sudo's rules are gone" },
    ci: "web1",
    at: { op: "boot", when: "before" },
    ...act.noRights,
    ending: keptOld(),
  },
  {
    ...{ phase: "prepare", step: "boot", how: "the release does not start there" },
    files: broken.start,
    ending: keptOld(),
  },
];

const migrate: Fault[] = [
  {
    ...{ phase: "migrate", step: "migrate", how: "it is killed" },
    ci: "web1",
    only: [canary],
    at: { op: "step", step: "migrate", when: "before" },
    meanwhile: act.killStep("migrate"),
    ending: keptOld(),
  },
  {
    ...{ phase: "migrate", step: "migrate", how: "a migration fails" },
    only: [canary],
    files: broken.migration,
    ending: keptOld(),
  },
];

const activate: Fault[] = [
  {
    ...{ phase: "activate", step: "processes", how: "the worker does not stay up there" },
    files: (name) => ({ "worker.sh": `[ "$(hostname)" = ${name} ] && exit 3\nexec sleep infinity\n` }),
    ending: keptOld(),
  },
  {
    ...{ phase: "activate", step: "processes", how: "sudo's rules are gone" },
    ci: "web2",
    at: { op: "processes", when: "before" },
    ...act.noRights,
    ending: keptOld(),
    leaves: true,
  },
  {
    ...{ phase: "activate", step: "probe", how: "the page fails there" },
    ci: "web3",
    files: broken.page,
    ending: behindTheCanary,
  },
  {
    ...{ phase: "activate", step: "switch", how: "run/ is read-only" },
    ci: "web1",
    at: { op: "switch", when: "before" },
    ...act.readOnly("/srv/shop/run"),
    ending: behindTheCanary,
    leaves: true,
  },
  {
    ...{ phase: "activate", step: "prove", how: "the page fails behind nginx there" },
    files: broken.behindNginx,
    ending: reverted,
  },
  {
    ...{ phase: "activate", step: "prove", how: "nginx leads past the link" },
    ci: "web2",
    at: { op: "serves", when: "before" },
    ...act.nginxToOld,
    ending: reverted,
  },
  {
    ...{ phase: "activate", step: "prove", how: "nginx is stopped" },
    at: { op: "serves", when: "before" },
    ...act.nginxStopped,
    ending: partial("old"),
  },
  {
    ...{ phase: "activate", step: "prove", how: "the release's folder is read-only" },
    at: { op: "finish", when: "before" },
    ...act.readOnlyRelease,
    ending: deployed,
    leaves: true,
  },
];

const finish: Fault[] = [
  {
    ...{ phase: "finish", step: "look-again", how: "the release dies and stays dead" },
    ci: "web3",
    at: { op: "alive", when: "before" },
    ...act.dies,
    ending: reverted,
    costs: true,
  },
  {
    ...{ phase: "finish", step: "stop-old", how: "sudo's rules are gone" },
    ci: "web2",
    at: { op: "retire", when: "before" },
    ...act.noRights,
    ending: deployed,
    leaves: true,
  },
  {
    ...{ phase: "finish", step: "clean", how: "releases/ is read-only" },
    at: { op: "clean", when: "before" },
    ...act.readOnly("/srv/shop/releases"),
    ending: deployed,
    leaves: true,
  },
];

const back: Fault[] = [
  {
    ...{ phase: "back", step: "switch-back", how: "run/ is read-only" },
    ci: "web2",
    files: sentBack,
    at: { op: "switch-back", when: "before" },
    ...act.readOnly("/srv/shop/run"),
    ending: partial("new"),
    leaves: true,
  },
  {
    ...{ phase: "back", step: "processes-back", how: "sudo's rules are gone" },
    files: sentBack,
    at: { op: "processes", nth: 2, when: "before" },
    ...act.noRights,
    ending: partial("old"),
    leaves: true,
  },
  {
    ...{ phase: "back", step: "prove-old", how: "nginx is stopped" },
    files: sentBack,
    at: { op: "serves", nth: 2, when: "before" },
    ...act.nginxStopped,
    ending: partial("old"),
    leaves: true,
  },
  {
    ...{ phase: "back", step: "stop-new", how: "sudo's rules are gone" },
    files: sentBack,
    at: { op: "retire", when: "before" },
    ...act.noRights,
    ending: reverted,
    leaves: true,
  },
];

/** What goes wrong by itself, step by step. */
export const faults: Fault[] = [...guard, ...prepare, ...migrate, ...activate, ...finish, ...back];
