/** One exception that is known: whose, what it says, where it is raised, and what to do about that. */
export interface KnownException {
  /** Names of its class, without the module. */
  classes: readonly string[];
  /** What the message is like; the groups are given to `hint`. */
  says: RegExp;
  /** What a line of its traceback is like, where the message alone could be anybody's. */
  raised?: RegExp;
  /** What it means and what to write. */
  hint: (groups: readonly string[]) => string;
}

const variable = (name = ""): string =>
  `the variable ${name} is not set: add it to env.secrets or env.vars in djdeploy.yml`;

const driver = (packages: string) => () => `add ${packages} to the requirements`;

const server =
  "check the host and port of the database in the environment of the release (djdeploy env ENV list), and that its server runs";

/**
 * The first row that fits an exception is told. Each was seen: __tests__/integration/project/causes.test.ts raises it with
 * the real library. Where nothing fits nothing is told: a wrong cause costs more than none.
 */
export const knownExceptions: readonly KnownException[] = [
  {
    classes: ["KeyError"],
    says: /^'([A-Za-z_][A-Za-z0-9_]*)'/,
    raised: /(?:<frozen os>|[/\\]os\.py)", line \d+, in __getitem__/,
    hint: ([name]) => variable(name),
  },
  {
    // django-environ; python-decouple; environs.
    classes: ["ImproperlyConfigured", "UndefinedValueError", "EnvError"],
    says: /^(?:Set the (\w+) environment variable|(\w+) not found\. Declare it as envvar|Environment variable "(\w+)" not set)/,
    hint: (names) => variable(names.find(Boolean)),
  },
  {
    classes: ["ImproperlyConfigured"],
    says: /^The SECRET_KEY setting must not be empty/,
    hint: () =>
      "SECRET_KEY is empty in this environment: read it from a variable, and add that to env.secrets in djdeploy.yml",
  },
  {
    classes: ["ImproperlyConfigured"],
    says: /^settings\.DATABASES is improperly configured\. Please supply the (\w+) value/,
    hint: ([key]) =>
      `DATABASES has no ${key} in this environment: is the variable that it is read from (DATABASE_URL?) in env.secrets?`,
  },
  {
    classes: ["ImproperlyConfigured"],
    says: /^Error loading psycopg2? or psycopg module|^Error loading psycopg2 module/,
    hint: driver("psycopg[binary] (Django 4.2 and newer) or psycopg2-binary"),
  },
  {
    classes: ["ImproperlyConfigured"],
    says: /^Error loading MySQLdb module/,
    hint: driver("mysqlclient"),
  },
  {
    classes: ["ModuleNotFoundError"],
    says: /^No module named '([^']+)'/,
    hint: ([name]) =>
      `add the package of ${name} to the requirements; if it is the project's own: is it tracked by git, and below the folder with manage.py?`,
  },
  {
    classes: ["CalledProcessError", "InvalidGitRepositoryError", "NoSuchPathError"],
    says: /^Command '?\[?'?git\b|not a git repository|\/releases\//,
    hint: gitHint,
  },
  { classes: ["FileNotFoundError"], says: /^\[Errno 2\] No such file or directory: 'git'/, hint: gitHint },
  {
    classes: ["PermissionError", "OSError", "FileNotFoundError"],
    says: /^\[Errno \d+\] (Read-only file system|Permission denied|No such file or directory): '([^'\n]+)'/,
    hint: ([why = "", path = ""]) => keptHint(why, path),
  },
  {
    classes: ["InconsistentMigrationHistory"],
    says: /^Migration (\S+) is applied before its dependency (\S+) on database '([^']+)'/,
    hint: ([later, earlier = "", alias]) =>
      `the database ${alias} has applied ${later}, whose dependency ${earlier} is new or renamed. If what ${earlier} makes is there already: djdeploy run ENV -- manage.py migrate --fake ${earlier.replace(".", " ")}; else give back the migration's old name or dependency`,
  },
  {
    classes: ["NodeNotFoundError"],
    says: /^Migration (\S+) dependencies reference nonexistent parent node \('([^']+)', '([^']+)'\)/,
    hint: ([child, app, name]) =>
      `${child} needs the migration ${app}.${name}, which is not in the release: is its file tracked by git, is the version of its package pinned?`,
  },
  {
    classes: ["OperationalError"],
    says: /could not translate host name|failed to resolve host|Unknown (?:MySQL )?server host|Name or service not known/,
    hint: () => `the name of the database's host is not known on this host: ${server}`,
  },
  {
    classes: ["OperationalError"],
    says: /Connection refused|Can't connect to (?:local )?(?:MySQL )?server/,
    hint: () => `nobody listens there: ${server}`,
  },
  {
    classes: ["OperationalError"],
    says: /^attempt to write a readonly database/,
    hint: () =>
      "the SQLite file may not be written: it and its folder belong to somebody else than the application's user",
  },
  {
    classes: ["OperationalError"],
    says: /^unable to open database file/,
    hint: () =>
      "the folder of the SQLite file does not exist, or may not be written: let NAME lead into the project or to a folder that is there",
  },
  {
    classes: ["OperationalError"],
    says: /^database is locked/,
    hint: () =>
      "SQLite was busy for longer than its timeout: raise OPTIONS timeout, or migrate when fewer write",
  },
  {
    classes: ["AppRegistryNotReady"],
    says: /^(?:Apps|Models) aren't loaded yet/,
    hint: () =>
      "models are imported before Django is ready: import them where they are used, not in settings or an __init__.py",
  },
  {
    classes: ["ValueError"],
    says: /^Missing staticfiles manifest entry for '([^']+)'/,
    hint: ([name]) =>
      `a template names ${name}, which collectstatic did not find: is the file there, and tracked by git?`,
  },
  {
    classes: ["ValueError", "MissingFileError"],
    says: /^The file '([^']+)' could not be found with </,
    hint: ([name]) =>
      `a stylesheet or template names a file that does not exist, ${name}: mend the name, or commit the file`,
  },
  {
    classes: ["ConnectionError"],
    says: /^Error (?:-?\d+|\w+) connecting to (\S+)\. /,
    hint: ([at]) =>
      `Redis does not answer at ${at}: check its address in the environment of the release (djdeploy env ENV list), and that it runs`,
  },
];

function gitHint(): string {
  return "a release has no .git folder: its name, which ends with the commit, is in the variable DJDEPLOY_RELEASE";
}

/** A path of the release that is written to, or is not in git. */
function keptHint(why: string, path: string): string {
  const inside = /\/releases\/[^/]+\/(.+)$/.exec(path)?.[1] ?? (path.startsWith("/") ? undefined : path);
  if (inside === undefined || (why !== "Read-only file system" && !path.includes("/releases/"))) return "";
  const folder = inside.includes("/") ? `${inside.slice(0, inside.lastIndexOf("/"))}/` : inside;
  const line = `add to djdeploy.yml:  shared: [${folder}]`;
  return why === "No such file or directory"
    ? `${inside} is not in the release. Is it to be read: commit it. Is it to be written, such as a log: ${line}`
    : `the release is read-only when it runs; ${line}`;
}
