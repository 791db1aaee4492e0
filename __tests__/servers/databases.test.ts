import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Site, startSite, told } from "../hosts/support/site.ts";

const password = "pw-of-this-lab";

interface Engine {
  engine: string;
  /** HOST by which the same server is reached. */
  names: string[];
  /** What is another database than `shop` at localhost, and what the refusal says of it. */
  others: [what: string, settings: Record<string, string>, says: RegExp][];
  /** Shell text: one server with the databases shop, empty and second, another one with a copy of shop. */
  prepare: string;
  copy: string;
  tables: string;
}

/** Debian's own servers; a password is all that the application knows. */
const engines: Engine[] = [
  {
    engine: "mysql",
    names: ["127.0.0.1", "/run/mysqld/mysqld.sock"],
    others: [
      ["an empty database", { NAME: "empty" }, /→ mysql empty, .*which holds none of its \d tables/],
      [
        "another server with a copy",
        { HOST: "127.0.0.1", PORT: "3307" },
        /→ mysql shop, user shop at \S+:3307/,
      ],
    ],
    prepare: `
      mkdir -p /var/lib/copy /run/copy && chown mysql: /var/lib/copy /run/copy
      mariadb-install-db --user=mysql --datadir=/var/lib/copy >/dev/null
      systemd-run -q --unit copy mariadbd --no-defaults --user=mysql --datadir=/var/lib/copy --port=3307 --socket=/run/copy/sock
      timeout 60 sh -c 'until mariadb -S /run/copy/sock -e "select 1" >/dev/null 2>&1; do sleep 0.2; done'
      for socket in /run/mysqld/mysqld.sock /run/copy/sock; do
        for host in localhost %; do
          mariadb -S $socket -e "create user shop@'$host' identified by '${password}'; grant all on *.* to shop@'$host'"
        done
        mariadb -S $socket -e 'create database shop'
      done
      mariadb -e 'create database empty; create database second'`,
    copy: "mariadb-dump shop | mariadb -S /run/copy/sock shop",
    tables: "mariadb -Ne 'show tables in second'",
  },
  {
    engine: "postgresql",
    names: ["127.0.0.1", "/run/postgresql", ""],
    others: [
      ["an empty database", { NAME: "empty" }, /→ postgresql empty, .*which holds none of its \d tables/],
      ["another schema", { OPTIONS: "-c search_path=other" }, /→ postgresql shop, schema other/],
      [
        "another server with a copy",
        { HOST: "127.0.0.1", PORT: "5433" },
        /→ postgresql shop, .* at \S+:5433/,
      ],
    ],
    prepare: `
      cd / && pg_createcluster 15 copy --port 5433 >/dev/null
      sed -i 's/^local *all *all *peer/local all all scram-sha-256/' /etc/postgresql/15/*/pg_hba.conf
      systemctl restart postgresql@15-main postgresql@15-copy
      for port in 5432 5433; do
        runuser -u postgres -- psql -qp $port -c "create user shop password '${password}'"
        runuser -u postgres -- createdb -p $port -O shop shop
      done
      for name in empty second; do runuser -u postgres -- createdb -O shop $name; done
      runuser -u postgres -- psql -q shop -c 'create schema other authorization shop'`,
    copy: "cd / && runuser -u postgres -- sh -c 'pg_dump shop | psql -qp 5433 shop >/dev/null'",
    tables:
      "cd / && runuser -u postgres -- psql -Atc \"select tablename from pg_tables where schemaname = 'public'\" second",
  },
];

describe.each(engines)("a database on a server: $engine", (one) => {
  let site: Site;
  let settings: string;
  let deploys = 0;

  const database = (own: Record<string, string> = {}) => {
    const { OPTIONS, ...more } = own;
    const all = {
      ENGINE: `django.db.backends.${one.engine}`,
      NAME: "shop",
      USER: "shop",
      PASSWORD: password,
    };
    const options = OPTIONS ? { OPTIONS: { options: OPTIONS } } : {};
    return { ...all, HOST: "localhost", ...more, ...options };
  };

  const deploy = (databases: object, more: Record<string, string> = {}, ...argv: string[]) => {
    deploys += 1;
    site.project.commit({
      "shop/version.py": `NUMBER = "v${deploys}"\n`,
      "shop/settings.py": `${settings}\nDATABASES = ${JSON.stringify(databases)}\nDATABASE_ROUTERS = ["shop.router.Router"]\n`,
      ...more,
    });
    return site.act("deploy", "--skip-lint", ...argv);
  };

  beforeAll(async () => {
    site = await startSite("systemd");
    settings = site.project.read("shop/settings.py");
    const server = one.engine === "mysql" ? "mariadb-server" : "postgresql";
    await site.root(
      `set -e; export DEBIAN_FRONTEND=noninteractive; apt-get update -q; apt-get install -y -q --no-install-recommends ${server}`,
    );
    await site.root(`set -e\n${one.prepare}`);
  });
  afterAll(() => site?.stop());

  test("another engine than the live release's is refused; meant, it is migrated, and what is not backed up is said", async () => {
    const files = {
      "requirements.txt": `${site.project.read("requirements.txt")}PyMySQL==1.1.1\npsycopg[binary]\n`,
      // Django looks at the version of the driver that this one stands for.
      "shop/__init__.py":
        'import pymysql\n\npymysql.version_info = (2, 2, 1, "final", 0)\npymysql.install_as_MySQLdb()\n',
      "shop/router.py":
        'class Router:\n    def allow_migrate(self, db, app_label, **hints):\n        return True if db in ("second", "same") and app_label == "shop" else None\n',
    };
    const refused = await deploy({ default: database() }, files);
    expect([refused.code, refused.report.result], told(refused)).toEqual([7, "refused"]);
    const done = await deploy({ default: database() }, {}, "--force", "moved to a server");
    expect(done.code, told(done)).toBe(0);
    expect(told(done)).toMatch(/database default is not backed up: .*By hand, before this: /);
    expect(told(done)).toContain("nothing was backed up");
    await site.root(one.copy);
  });

  test.each(one.others)("%s is refused", async (_, other, says) => {
    const before = (await site.status()).release;
    const refused = await deploy({ default: database(other) });
    expect([refused.code, refused.report.result], told(refused)).toEqual([7, "refused"]);
    const error = refused.events.find(({ code }) => code === "error");
    expect(error?.data?.["error"]).toBe("guard.database-changed");
    expect(String(error?.data?.["seen"])).toMatch(says);
    expect((await site.status()).release).toBe(before);
  });

  test.each(one.names)("by the name %j it is the same", async (HOST) => {
    const done = await deploy({ default: database({ HOST }) });
    expect(done.code, told(done)).toBe(0);
    expect(told(done)).not.toMatch(/could not be compared|another database/);
  });

  test("a second database that a router claims is migrated, a second name of the first is not, nor one that nobody claims", async () => {
    const three = {
      default: database({ HOST: one.names[1] ?? "" }),
      second: database({ NAME: "second" }),
      legacy: database({ NAME: "empty" }),
      same: database({ HOST: "127.0.0.1" }),
    };
    const done = await deploy(three);
    expect(done.code, told(done)).toBe(0);
    expect(told(done)).toMatch(/database legacy is left alone: no router claims it/);
    expect(told(done)).toContain("database same is left alone: it is the database of default");
    expect(await site.root(one.tables)).toContain("shop_visit");
    // What is said to do by hand does it.
    const command = /database default is not backed up: .*before this: (.*?); `database/.exec(
      told(done),
    )?.[1];
    expect(command).toBeDefined();
    await site.root(
      `cd /tmp && export MYSQL_PWD=${password} PGPASSWORD=${password}; ${command}; test -s shop.*`,
    );
    // A second name may go again: nothing is lost with it.
    const { same: _, ...two } = three;
    const again = await deploy(two);
    expect(again.code, told(again)).toBe(0);
  });
});
