import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Site, startSite, told } from "./support/site.ts";

/** Hosts as they are at a bad hour: each deploy ends red, says why, and leaves the old page; the next one works. */
describe("a host in trouble", () => {
  let site: Site;
  let good: string;
  beforeAll(async () => {
    site = await startSite("systemd", {
      more: "health: {deadline: 6s, request-timeout: 2s}\ndatabase: {backup: always}\n",
    });
    good = site.project.git("rev-parse", "HEAD");
  });
  afterAll(() => site?.stop());
  afterEach(async () => {
    site.project.git("reset", "-q", "--hard", good);
    expect((await site.page()).body).toContain("version one");
    expect(await site.status()).toMatchObject({ proven: true, lock: null });
  });

  const refuses = async (words: RegExp, codes: string[], result = "kept-old") => {
    const done = await site.act("deploy", "--skip-lint");
    expect(done.code, told(done)).toBe(1);
    expect(done.report.result, told(done)).toBe(result);
    const errors = done.events.filter((event) => event.code === "error");
    expect(JSON.stringify(errors)).toMatch(words);
    expect(codes).toContain(errors[0]?.data?.["error"]);
    return done;
  };

  /** A folder of the application on a file system of its own that is full but for `kilobytes`. */
  const full = async (folder: string, kilobytes: number, act: () => Promise<void>) => {
    await site.root(`
      cd /srv/shop && cp -a ${folder} /root/kept
      mount -t tmpfs -o size=400m,mode=755 tmpfs /srv/shop/${folder}
      cp -a /root/kept/. /srv/shop/${folder}/ && chown shop_deploy:shop /srv/shop/${folder}
      free=$(df -Pk /srv/shop/${folder} | awk 'NR == 2 { print $4 }')
      head -c $(((free - ${kilobytes}) * 1024)) /dev/zero >/srv/shop/${folder}/.filler`);
    try {
      await act();
    } finally {
      await site.root(`umount -l /srv/shop/${folder}; rm -rf /root/kept`);
    }
  };

  test.each(["releases", "venvs"])(
    "too little room in %s is seen before anything is sent",
    async (folder) => {
      site.project.version("two");
      await full(folder, 3000, async () => {
        const done = await refuses(/too little disk space/, ["host.disk"]);
        expect(done.events.filter((event) => event.step === "upload")).toEqual([]);
      });
    },
  );

  test("the disk is full while the database is backed up", async () => {
    site.project.commit({
      "shop/migrations/0009_more.py":
        'from django.db import migrations\n\nclass Migration(migrations.Migration):\n    dependencies = [("shop", "0001_initial")]\n    operations = [migrations.RunSQL("select 1")]\n',
    });
    await full("shared", 20, async () => {
      await refuses(/No space left on device|disk is full|backup/i, [
        "host.os",
        "migrate.backup",
        "database.backup",
      ]);
    });
  });

  test("the user may no longer start anything", async () => {
    site.project.version("two");
    await site.root("mv /etc/sudoers.d/djdeploy-shop /root/sudoers");
    await refuses(/can not be asked|could not be asked.*sudo/, ["host.as-user"]);
    await site.root("mv /root/sudoers /etc/sudoers.d/djdeploy-shop");
  });

  test("the package index can not be reached", async () => {
    site.project.commit({ "requirements.txt": `${site.project.read("requirements.txt")}pytz==2025.2\n` });
    await site.root(
      "mv /etc/pip.conf /root/pip.conf; printf '[global]\\nindex-url = http://127.0.0.1:9/simple\\nretries = 0\\n' >/etc/pip.conf",
    );
    await refuses(/that the host reaches the index/, ["venv.install"]);
    await site.root("mv /root/pip.conf /etc/pip.conf");
    // What is installed already is not asked for again.
    site.project.git("reset", "-q", "--hard", good);
  });

  test("a migration breaks in the middle: what was applied is said", async () => {
    const broken =
      'from django.db import migrations\n\nclass Migration(migrations.Migration):\n    dependencies = [("shop", "0001_initial")]\n    operations = [migrations.RunSQL("create table half (n int)"), migrations.RunSQL("insert into nowhere values (1)")]\n';
    site.project.commit({ "shop/migrations/0002_half.py": broken });
    await refuses(/0002_half|no such table: nowhere/, ["migrate.failed"]);
  });

  test("a start that takes longer than health.deadline", async () => {
    site.project.commit({
      "shop/wsgi.py": `import time\ntime.sleep(40)\n${site.project.read("shop/wsgi.py")}`,
    });
    await refuses(/longer to start than health.deadline/, ["boot.hangs"]);
  });

  test("a release that dies right after it was proven goes back", async () => {
    const dying = `
import os, signal, threading
_plain = home
def home(request):
    if request.headers.get("X-Real-IP"):
        threading.Timer(0.1, lambda: os.kill(os.getppid(), signal.SIGKILL)).start()
    return _plain(request)
`;
    site.project.commit({
      "shop/views.py": `${site.project.read("shop/views.py")}${dying}`,
      "shop/wsgi.py": `import os, sys\nif os.path.exists("/srv/shop/shared/was-up"):\n    sys.exit(3)\nopen("/srv/shop/shared/was-up", "w").close()\n${site.project.read("shop/wsgi.py")}`,
      "djdeploy.yml": site.project.read("djdeploy.yml").replace("workers: 2", "workers: 1"),
    });
    await refuses(/does not serve|front|answer/, ["front.failed", "proof.failed"], "reverted");
    await site.root("rm /srv/shop/shared/was-up");
  });

  test("nginx is stopped", async () => {
    site.project.version("two");
    await site.root("systemctl stop nginx");
    try {
      await refuses(/nothing answers at the front door.*http:\/\/127\.0\.0\.1:80/s, ["front.silent"]);
    } finally {
      await site.root("systemctl start nginx");
    }
  });

  test("Python is replaced: status tells, a deploy builds anew, a rollback is refused before anything moves", async () => {
    const first = (await site.status()).release ?? "";
    const bin = "cd /usr/bin &&";
    // As a new minor version of the distribution would: the name that every virtual environment points at is gone.
    await site.root(`${bin} mv python3.11 python3.12 && ln -sfn python3.12 python3`);
    const gone = "Python 3.11.2 (/usr/bin/python3.11), which it was made with, is gone";
    const status = await site.djdeploy("status", "production");
    expect(status.code).toBe(1);
    expect(status.stdout).toContain(`${first} runs, and will not start again: ${gone}`);
    site.project.commit({ "shop/version.py": 'NUMBER = "one_again"\n' });
    const done = await site.act("deploy");
    expect(done.code, told(done)).toBe(0);
    expect(told(done)).toContain(gone);
    expect(await site.root("ls /srv/shop/venvs | wc -l")).toBe("2");
    const back = await site.act("rollback", "--to", first);
    expect(back.code, told(back)).toBe(1);
    expect(back.report.result).toBe("kept-old");
    expect(back.events.find((event) => event.code === "error")).toMatchObject({
      message: `${first} can not start any more on web1: ${gone}`,
      data: { error: "rollback.venv" },
    });
    expect(told(back)).not.toContain("boot");
    expect((await site.page()).body).toContain("one_again");
    await site.root(`${bin} cp -p python3.12 python3.11 && ln -sfn python3.11 python3`);
    const again = await site.act("rollback", "--to", first);
    expect(again.code, told(again)).toBe(0);
  });
});

describe("a host with habits of its own", () => {
  let site: Site;
  beforeAll(async () => {
    site = await startSite("systemd");
  });
  afterAll(() => site?.stop());

  test("a shell that talks, and makes files that nobody else may read", async () => {
    const home = await site.root("getent passwd shop_deploy | cut -d: -f6,7");
    expect(home).toContain("/srv/shop/home:/bin/");
    await site.root(`
      printf 'echo "Welcome to $(hostname)!"\\necho "You have new mail" >&2\\numask 077\\nprintf "> "\\n' >/tmp/rc
      for name in .bashrc .profile .bash_profile; do install -o shop_deploy -m 644 /tmp/rc /srv/shop/home/$name; done
      usermod -s /bin/bash shop_deploy
      echo 'session optional pam_umask.so umask=077' >>/etc/pam.d/sshd`);
    site.project.version("two");
    const done = await site.act("deploy");
    expect(done.code, told(done)).toBe(0);
    const { body } = await site.page();
    expect(body).toContain("version two");
    const href = /href="([^"]+)"/.exec(body)?.[1] ?? "none";
    const { slot } = await site.status();
    await site.root(`systemctl stop shop-web@${slot}`); // what nginx can not read, the application would serve
    expect(await site.page(href)).toMatchObject({ status: 200 });
    await site.root(`systemctl start shop-web@${slot}`);
  });

  test("releases/ and shared/ on file systems of their own", async () => {
    const { slot } = await site.status();
    await site.root(`
      systemctl stop shop-web@${slot}
      for folder in releases shared; do
        cp -a /srv/shop/$folder /root/ && mount -t tmpfs -o size=400m tmpfs /srv/shop/$folder
        cp -aT /root/$folder /srv/shop/$folder
      done
      systemctl start shop-web@${slot}`);
    site.project.version("three");
    const done = await site.act("deploy");
    expect(done.code, told(done)).toBe(0);
    const { body } = await site.page();
    expect(body).toContain("version three");
    const href = /href="([^"]+)"/.exec(body)?.[1] ?? "none";
    const shared = href.replace("/static/", "/srv/shop/public/static/hashed/");
    expect(await site.root(`cat ${shared}`)).toContain('"three"');
    const back = await site.act("rollback");
    expect(back.code, told(back)).toBe(0);
    // A page from before still finds its style sheet.
    expect((await site.page(href)).body).toContain('"three"');
    expect(await site.status()).toMatchObject({ proven: true, lock: null });
  });
});
