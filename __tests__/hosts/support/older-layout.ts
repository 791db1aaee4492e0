import type { LabHost } from "../../../lab/host.ts";
import { readSeal, seal } from "../../../src/release/setup/seal.ts";

/**
 * Turns a host that was set up now into one as an older djdeploy left it: one user deploys the application and runs it
 * (2); or besides (1) the folder is that user's too, nginx walks through the release and shared/, and the record lies where
 * the application can write. The slot `blue` runs.
 */
export async function asOlderLayout(host: LabHost, version: 1 | 2): Promise<void> {
  const rewrite = async (path: string, change: (text: string) => string) => {
    const text = (await host.root(`cat ${path}`)).stdout;
    const plain = text.replace(/^# written by djdeploy .*\n/m, "");
    const [app = "", environment = ""] = (readSeal(text)?.for ?? "").split("/");
    await must(host, `cat >${path}`, seal(change(plain), app, environment));
  };
  const unit = (text: string) => text.replace("/srv/shop/sockets", "/srv/shop/run");
  await rewrite("/etc/sudoers.d/djdeploy-shop", (text) =>
    text.replace(/.*shop-as\n/, "").replaceAll("shop_deploy ALL", "shop ALL"),
  );
  const systemd = (await host.root("test -e /etc/systemd/system/shop-web@.service")).code === 0;
  if (systemd)
    await rewrite("/etc/systemd/system/shop-web@.service", (text) =>
      version === 1 ? unit(text).replace(" /srv/shop/public/media", "") : unit(text),
    );
  await must(
    host,
    `set -e
    cd /srv/shop
    usermod -s /bin/bash shop
    rm -f /etc/ssh/sshd_config.d/djdeploy-shop.conf; systemctl try-restart ssh.service
    mkdir -p shared/home/.ssh
    cp home/.ssh/authorized_keys shared/home/.ssh/
    rm -rf run/*.sock sockets work home /usr/local/lib/djdeploy/shop-as
    ln -s blue.sock run/web.sock
    userdel -f shop_deploy 2>/dev/null
    chown -R shop:shop releases venvs slots bin .djdeploy env run shared
    chown -hR shop:shop_nginx public/* run
    chmod 2750 run
    chmod 700 env
    sed -i '/"deployer"/d; /"as"/d; s/"version": 3/"version": 2/' owner.json`,
  );
  if (version === 1) await asOldest(host, rewrite);
  await must(
    host,
    systemd
      ? "systemctl daemon-reload; systemctl restart shop-web@blue"
      : "supervisorctl restart shop-web-blue",
  );
}

async function asOldest(
  host: LabHost,
  rewrite: (path: string, change: (text: string) => string) => Promise<void>,
): Promise<void> {
  await rewrite("/etc/nginx/sites-available/shop", (text) =>
    text
      .replaceAll("root /srv/shop/public;", "root /srv/shop;")
      .replaceAll(/ +disable_symlinks .*\n/g, "")
      .replace(
        "/static/live/$shop_file /static/hashed/",
        "/current/.djdeploy/static/$shop_file /shared/static/",
      )
      .replace("try_files /media/", "try_files /shared/media/"),
  );
  await must(
    host,
    `set -e
    cd /srv/shop
    usermod -aG systemd-journal shop
    gpasswd -d www-data shop_nginx >/dev/null; groupdel shop_nginx
    release=$(readlink slots/current)
    rm -f current shared/media slots/current
    mkdir -p releases/1/.djdeploy/static shared/static
    cp public/static/live/* releases/1/.djdeploy/static/
    cp public/static/hashed/* shared/static/
    mv public/media shared/media
    rm -rf public
    ln -s releases/\${release##*/} current
    sed 's/"version": 2/"version": 1/' owner.json >.djdeploy/owner.json
    rm owner.json
    chown -hR shop:shop . && chown shop:www-data . run && chmod 750 . && chmod 2750 run
    chmod 755 releases shared slots bin venvs shared/media
    systemctl restart nginx`,
  );
}

/** Runs shell text as root; throws what it said when it fails. */
export async function must(host: LabHost, command: string, input?: string): Promise<string> {
  const done = await host.root(command, input === undefined ? {} : { input });
  if (done.code !== 0) throw new Error(`${command}: ${done.code}\n${done.stdout}${done.stderr}`);
  return done.stdout;
}
