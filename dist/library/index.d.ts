/** Asked for an unknown (never a changed) key, on a terminal only. */
export declare type AskHostKey = (question: {
    host: string;
    port: number;
    type: string;
    fingerprint: string;
    /** The known_hosts line to remember the key by (see rememberHostKey). */
    line: string;
}) => Promise<boolean>;

/** A fact that djdeploy.yml states (lint.assume), where it was used. */
declare interface Assumed {
    setting: string;
    /** As it stands there; null for what must not be shown. */
    value: unknown;
    /** The ids that could not be judged without it. */
    restsOn: string[];
}

/**
 * `certain`: holds whatever the environment says. `depends`: holds for some values of the variables in `dependsOn`.
 * `unknown`: could not be decided without running the project; never counted as passed.
 */
declare type Certainty = "certain" | "depends" | "unknown";

declare interface Commit {
    sha: string;
    subject: string;
}

/** An environment variable that decides a value. */
declare interface Dependency {
    name: string;
    /** What is used when it is not set, as Python text; null = it is required. */
    default: string | null;
    /** How its text is read (`bool`, `int`, `list`, `str`), null when unchanged. */
    cast: string | null;
}

/**
 * Takes a revision to the hosts and proves that it serves. Resolves when every host was seen serving it; rejects with a
 * RunError otherwise, and with a DeployError where no run began (an option, djdeploy.yml, the key).
 */
export declare function deploy(options?: DeployOptions): Promise<Report_2>;

/**
 * The one error that crosses a module's border. `code` is stable (`ssh.host-key-changed`), the message is one
 * sentence that says what failed and why; the details say where, what was expected, what was seen, what to do.
 */
export declare class DeployError extends Error {
    readonly code: string;
    readonly exitCode: ExitCode;
    readonly details: ErrorDetails;
    constructor(code: string, exitCode: ExitCode, message: string, details?: ErrorDetails);
}

export declare interface DeployOptions extends RunOptions {
    /** A commit, branch or tag; default: HEAD. */
    revision?: string | undefined;
    /** Default: run. A skipped one is written down in the release. */
    tests?: "run" | "skip" | undefined;
    lint?: "run" | "skip" | undefined;
    /** Wait for the lock of another run, where the default is to end with `lock.held`. */
    wait?: boolean | undefined;
    /** The reason to override a guard; it is written down. */
    force?: string | undefined;
    /** What `build.artifact` has to be: its SHA-256, in hexadecimal. */
    artifactSha256?: string | undefined;
}

/** The parts of an error that a person needs to act; all optional but the first sentence. */
export declare interface ErrorDetails {
    host?: string;
    step?: string;
    /** Where in a file: `djdeploy.yml:12:5`. */
    at?: string;
    expected?: string;
    seen?: string;
    /** What to do now: a command or a line to change. */
    hint?: string;
    /** The last lines of a log that show the cause. */
    output?: string;
    cause?: unknown;
}

/**
 * One thing that happened. The core never prints: it emits events, and a reporter (terminal, GitHub, JSON) shows
 * them. `code` is stable: `phase.start`, `step.start`, `step.output`, `step.done`, `step.failed`, `note`,
 * `finding`, `connections.cut`, `error`, `result`. For steps, `data.ms` is the elapsed time and `data.status` is
 * `done | unchanged | failed | skipped`.
 */
declare interface Event_2 {
    /** ISO 8601, UTC. */
    time: string;
    code: string;
    level: Level;
    message: string;
    host?: string;
    step?: string;
    data?: Record<string, unknown>;
}
export { Event_2 as Event }

/** What a shell sees; the meanings are the contract with scripts and with the action. */
export declare const ExitCode: {
    readonly done: 0;
    /** Failed; the old release serves, or nothing was changed. */
    readonly failed: 1;
    /** Wrong usage, configuration or missing secret. */
    readonly usage: 2;
    /** Lint findings at or above the fail level. */
    readonly lint: 3;
    /** The project's tests failed. */
    readonly tests: 4;
    /** A host could not be reached or trusted. */
    readonly unreachable: 5;
    /** Another run holds the lock. */
    readonly locked: 6;
    /** Refused by a guard: branch, owner, ancestry, changed database, foreign site. */
    readonly refused: 7;
    /** The hosts differ and could not be brought back. */
    readonly partial: 8;
};

export declare type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

export declare interface Finding {
    /** Django's own id where Django has the check (`security.W018`), else `djdeploy.NAME`. */
    id: string;
    level: FindingLevel;
    message: string;
    hint: string;
    /** Relative to the repository's top; line and column count from 1. */
    file: string;
    line: number;
    column: number;
    /** The setting it is about, null for findings about files or environment. */
    setting: string | null;
    certainty: Certainty;
    dependsOn: Dependency[];
    /** Only for `depends`: true when it holds while the variables are unset. */
    whenUnset?: boolean;
    /** Only for `unknown`: why it is not known. */
    reason?: string;
    /** Other ids that have the same cause and are not listed on their own. */
    also: string[];
    /** A page about it, null when there is none. */
    docs: string | null;
    /** The answer as code, in this project's own style of reading the environment; absent where there is none. */
    fix?: FindingFix;
}

export declare interface FindingFix {
    /** One or more lines of Python. */
    code: string;
    /** Where it belongs: the line that it takes the place of, or that it will be; never one behind the end. */
    file: string;
    line: number;
    /** It goes behind that line, the last one. */
    after?: true;
    /** Mechanical and certain: `lint --fix` makes it. */
    automatic: boolean;
}

/** `error`: the site would be broken or exposed; `warning`: Django's checklist or likely harm; `info`: advice. */
declare type FindingLevel = "error" | "warning" | "info";

/** What a strategy promises, in words: shown by `plan` before anything happens, and held to by tests on real hosts. */
declare interface Guarantee {
    /** How the new release takes over, in a few words. */
    strategy: string;
    /** Requests that a deploy or a rollback costs, as long as the live release works on the database as it becomes. */
    lost: string;
    /** Nothing is promised of `lost`, which says why; absent: it is. */
    open?: true;
    /** What becomes of a request that takes very long. */
    long: string;
    /** How long visitors may wait for more than their own page. */
    stall: string;
    /** What visitors see of a release that does not start, or whose page is bad. */
    broken: string;
    /** What a reboot of the host starts, and what visitors see until then. */
    reboot: string;
}

/** That runs of a push are refused. */
declare interface HoldRow {
    /** What is held; null = nothing serves. */
    release: string | null;
    actor: string;
    /** Seconds since 1970. */
    at: number;
    reason: string;
    runUrl: string | null;
}

declare interface HostResult {
    host: string;
    result: RunResult;
    release: string | null;
    /** How it was proven: `pids 812,813 serve 20261120T…; http://… answered 200 from it`. */
    proof: string | null;
    /** Connections of visitors that this run cut when a release ended; absent = none. */
    cut?: number;
    /** The run never reached it: what it serves is not known. */
    unreached?: boolean;
}

declare interface HostStatus {
    host: string;
    release: string | null;
    revision: string | null;
    state: string;
    slot: string | null;
    /** Number of worker processes. */
    workers: number;
    /** The web server and every other process run this release, it answers, and nothing speaks against it. */
    proven: boolean;
    /** What was seen, or what speaks against it. */
    proof: string | null;
    /** Each thing that does not fit, and the command that puts it right. */
    problems: {
        message: string;
        fix: string;
    }[];
    /** What runs besides the web server. */
    processes: {
        name: string;
        release: string | null;
        pid: number | null;
    }[];
    lock: LockView | null;
    /** Runs of a push are refused; null = they may deploy. */
    hold: HoldRow | null;
}

declare type Level = "debug" | "info" | "warning" | "error";

/**
 * Judges the production settings as they lie in the folder, without running the project. Findings are no error; a folder
 * without djdeploy.yml is judged with all defaults, and of several environments production is taken unless one is named.
 */
export declare function lint(options?: LintOptions): Promise<LintResult>;

export declare interface LintOptions extends ProjectOptions {
    /** The settings module; default: found. */
    settings?: string | undefined;
}

export declare interface LintResult {
    settingsModule: string;
    /** Sorted: errors first, certain before the rest, then by place. */
    findings: Finding[];
    /** Every upper-case name the settings module ends with, and the security settings at their defaults. */
    settings: Record<string, SettingValue>;
    suppressed: Suppressed[];
    /** The stated facts that were used; absent where none was. */
    assumed?: Assumed[];
    /** Why nothing could be judged; absent where something was. `lint` then ends with 3, a deploy goes on. */
    notJudged?: string;
    /** Findings by level, of every certainty. */
    summary: Record<FindingLevel, number>;
}

/** Who holds the lock of an application on a host. */
declare interface LockView {
    host: string;
    actor: string;
    revision: string | null;
    runUrl: string | null;
    /** ISO 8601, UTC. */
    since: string;
    /** False: its runner is gone, and what it began is brought to its end. */
    alive: boolean;
}

/** A package whose version a release would change; null: it is not there, "": in a version that is not known. */
declare interface PackageChange {
    name: string;
    from: string | null;
    to: string | null;
}

/** What a deploy would do. Reads the hosts, changes nothing. Rejects with a DeployError. */
export declare function plan(options?: PlanOptions): Promise<PlanView>;

declare interface PlanFindings {
    /** The revision that was compared with; null = none could be, and `new` holds all. */
    since: string | null;
    new: Finding[];
}

declare interface PlanHost {
    host: string;
    /** What serves now; null = nothing. */
    release: string | null;
    revision: string | null;
    slot: string | null;
    roles: string[];
}

declare interface PlanMigration {
    /** The alias in DATABASES. */
    database: string;
    app: string;
    name: string;
    /** What it does, in Django's words; empty where only its name is known. */
    operations: string[];
    /** As `sqlmigrate` has it; null where it is not known. */
    sql: string | null;
    /** Whether the old release keeps working on the new schema, as far as it was judged. */
    safe: boolean | null;
    why: string | null;
}

export declare interface PlanOptions extends RunOptions {
    /** A commit, branch or tag; default: HEAD. */
    revision?: string | undefined;
    artifactSha256?: string | undefined;
}

declare interface PlanRisk {
    level: "info" | "warning" | "error";
    message: string;
}

declare interface PlanStep {
    phase: string;
    step: string;
    /** null: once, on the runner. */
    host: string | null;
    /** What it will do, in one sentence. */
    does: string;
}

/** What `deploy` would do (`plan --format json`). */
export declare interface PlanView {
    environment: string;
    revision: string;
    /** `unchanged` when a deploy would find nothing to do. */
    result: "deploy" | "unchanged";
    hosts: PlanHost[];
    steps: PlanStep[];
    /** The commits since the live release, newest first; null where the clone does not hold them. */
    commits: Commit[] | null;
    migrations: PlanMigration[];
    /** How the migrations are known, in one sentence. */
    migrationsKnown: string;
    /** What would be sent: files that differ from what the hosts have, and their size. `paths`: what changes, and what goes. */
    files: {
        changed: number;
        bytes: number;
        paths: string[];
    };
    dependencies: {
        changed: boolean;
        installer: string;
        reason: string;
        packages: PackageChange[];
    };
    /** Certain findings of the lint above `info` that the live release's settings do not have. */
    findings: PlanFindings;
    /** What setup once wrote, and a deploy does not change: units or programs, nginx site, sudo rules. */
    setup: {
        changed: boolean;
        why: string;
    };
    /** `none`, or what is not served meanwhile and why. */
    downtime: string;
    /** What the strategy promises, before anything happens. */
    guarantee: Guarantee;
    risks: PlanRisk[];
    /** What was detected, and from what. */
    detected: {
        name: string;
        value: string;
        evidence: string;
    }[];
    /** The file the configuration was read from, and the protecting defaults that are not enforced yet. */
    config: string;
    notEnforced: string[];
}

/** Which project and environment. Paths are absolute or relative to `cwd`. */
export declare interface ProjectOptions {
    /** A folder of the checkout; default: the working folder of the process. */
    cwd?: string | undefined;
    /** djdeploy.yml itself; default: the nearest one in `cwd` or above. */
    config?: string | undefined;
    /** One of its environments; may be left out where it has only one. */
    environment?: string | undefined;
    /** Values of variables and secrets by name, as `--env-file` gives them. Empty ones count as not given. */
    values?: Readonly<Record<string, string>> | undefined;
}

/** The last line of every verb that acts (`--format json`). */
declare interface Report_2 {
    result: RunResult;
    environment: string;
    release: string | null;
    previousRelease: string | null;
    revision: string | null;
    url: string | null;
    durationMs: number;
    hosts: HostResult[];
    steps: StepResult[];
    /** What a person should know although all went well; absent: nothing. */
    warnings?: string[];
}
export { Report_2 as Report }

/** Goes back to a release that the hosts have, and proves that it serves. Resolves and rejects as `deploy` does. */
export declare function rollback(options?: RollbackOptions): Promise<Report_2>;

export declare interface RollbackOptions extends RunOptions {
    /** A release id, a commit or `previous`; default: the last good release before the live one. */
    to?: string | undefined;
    /** What happens to migrations of the newer releases; default: auto. */
    migrations?: "auto" | "keep" | "refuse" | undefined;
    /** `current`: secrets as they are now (default); `release`: as they were then. */
    env?: "current" | "release" | undefined;
}

/** A deploy or a rollback that did not end well; `report` says what each host serves. */
export declare class RunError extends DeployError {
    readonly report: Report_2;
    constructor({ code, exitCode, message, details }: DeployError, report: Report_2);
}

/** What every verb that speaks to hosts is given. */
export declare interface RunOptions extends ProjectOptions {
    ssh?: SshOptions | undefined;
    /** Who does it, for the lock, the audit line and `releases`; default: `library`. */
    actor?: string | undefined;
    /** A page about the run, for the same. */
    runUrl?: string | undefined;
    /**
     * Told of each thing that happens, secrets hidden. It is not waited for, and what it throws (or rejects with) stops
     * nothing: the run goes on, tells it no more, and rejects with `library.on-event` when it has ended.
     */
    onEvent?: ((event: Event_2) => void | Promise<void>) | undefined;
    /** Aborting gives the run up: before the switch the old release goes on, behind it the run goes on to its end. */
    signal?: AbortSignal | undefined;
    /** Asked whether the key of a host that is not known is the right one; default: no, which ends with `ssh.host-key-unknown`. */
    confirmHostKey?: AskHostKey | undefined;
}

export declare type RunResult = "deployed" | "unchanged" | "kept-old" | "reverted" | "rolled-back" | "refused" | "locked" | "partial" | "failed";

declare interface SettingValue {
    /** As JSON; for `depends` the value while the variables are unset; secrets are shown by their class only. */
    value: unknown;
    certainty: Certainty;
    file: string | null;
    line: number | null;
    /** Why it is not known. */
    reason?: string;
    /** It, or a part of it, is what lint.assume says; never certain. */
    assumed?: true;
}

/**
 * How to log in. Without `config` nothing of ~/.ssh is read and no agent is asked: a key or an agent, and the keys of the
 * hosts (`knownHosts` here or `known-hosts:` in djdeploy.yml) have to be given.
 */
export declare interface SshOptions {
    /** The text of a private key. */
    privateKey?: string | undefined;
    /** A file with a private key. */
    identity?: string | undefined;
    passphrase?: string | undefined;
    /** The socket of an agent; SSH_AUTH_SOCK is not read, an IdentityAgent of ssh_config is. */
    agent?: string | undefined;
    /** Lines of a known_hosts file, or SHA256 fingerprints. */
    knownHosts?: string | undefined;
    /** `auto`: as ssh does, by ~/.ssh; a file: by that one; default `none`. */
    config?: string | undefined;
    /** Who to log in as, in place of what djdeploy.yml says. */
    user?: string | undefined;
}

/** What each host serves, and whether that is proven. Rejects with a DeployError when no host could be asked. */
declare function status_2(options?: RunOptions): Promise<StatusView>;
export { status_2 as status }

/** `status --format json`. */
export declare interface StatusView {
    environment: string;
    hosts: HostStatus[];
    /** Where the application is not kept in its box as elsewhere (docs/security.md). */
    exceptions: string[];
}

declare interface StepResult {
    step: string;
    host: string | null;
    ms: number;
    status: "done" | "unchanged" | "failed" | "skipped";
}

declare interface Suppressed {
    id: string;
    reason: string;
    /** `djdeploy.yml`, `SILENCED_SYSTEM_CHECKS`, or `file:line` of the comment. */
    by: string;
}

/** Of this program; a test holds it equal to package.json, which the bundles do not carry. */
export declare const version = "1.0.0";

export { }
