import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Site, startSite, told } from "./support/site.ts";

/** /etc/nginx/nginx.conf and conf.d/default.conf as the package of nginx.org 1.26 brings them. */
const conf = `
user  nginx;
worker_processes  auto;

error_log  /var/log/nginx/error.log notice;
pid        /run/nginx.pid;


events {
    worker_connections  1024;
}


http {
    include       /etc/nginx/mime.types;
    default_type  application/octet-stream;

    log_format  main  '$remote_addr - $remote_user [$time_local] "$request" '
                      '$status $body_bytes_sent "$http_referer" '
                      '"$http_user_agent" "$http_x_forwarded_for"';

    access_log  /var/log/nginx/access.log  main;

    sendfile        on;
    #tcp_nopush     on;

    keepalive_timeout  65;

    #gzip  on;

    include /etc/nginx/conf.d/*.conf;
}
`;
const fallback = `server {
    listen       80;
    server_name  localhost;

    location / {
        root   /usr/share/nginx/html;
        index  index.html index.htm;
    }

    error_page   500 502 503 504  /50x.html;
    location = /50x.html {
        root   /usr/share/nginx/html;
    }
}
`;

describe("nginx as nginx.org packages it", () => {
  let site: Site;
  let yml: string;
  beforeAll(async () => {
    site = await startSite("systemd");
    yml = site.project.read("djdeploy.yml");
    await site.root(`
      systemctl stop nginx
      adduser --system --group --no-create-home --home /nonexistent --quiet nginx
      cd /etc/nginx && rm -rf sites-available sites-enabled modules-enabled snippets conf.d && mkdir conf.d`);
    for (const [path, input] of Object.entries({ "nginx.conf": conf, "conf.d/default.conf": fallback }))
      await site.host.root(`cat >/etc/nginx/${path}`, { input });
    await site.root("nginx -t && systemctl start nginx");
    expect(await site.root("ps -o user= -C nginx | sort -u")).toBe("nginx\nroot");
  });
  afterAll(() => site?.stop());

  const setup = async () => {
    const { code, stdout, stderr } = await site.setup().ended;
    return { code, said: stdout + stderr };
  };

  /** Writes what a refusal says, and runs what it says to run. */
  const follow = async (said: string) => {
    const hint = /what to do: (.*)/.exec(said)?.[1] ?? "";
    const include = /(include \S+;) {2}in its http block/.exec(hint)?.[1];
    const user = /(user \S+;) {2}in place of another user line/.exec(hint)?.[1];
    if (include) await site.root(`sed -i 's,^http {,&\\n    ${include},' /etc/nginx/nginx.conf`);
    if (user) await site.root(`sed -i 's,^user .*,${user},' /etc/nginx/nginx.conf`);
    await site.root(/\(then: (.*?)\)/.exec(hint)?.[1] ?? `echo ${JSON.stringify(hint)}; false`);
    return hint;
  };

  const deployed = async (word: string) => {
    site.project.version(word);
    const done = await site.act("deploy");
    expect(done.code, told(done)).toBe(0);
    expect((await site.page()).body).toContain(`version ${word}`);
  };

  test("a site placed by hand needs www-data as well, and its line makes it green", async () => {
    site.project.commit({ "djdeploy.yml": `${yml}    nginx: print\n` });
    const refused = await setup();
    expect(refused.code, refused.said).toBe(7);
    expect(refused.said).toContain("seen: workers of nginx\n");
    expect(await follow(refused.said)).not.toMatch(/include|nginx: print/);
    const done = await setup();
    expect(done.code, done.said).toBe(0);
    const text = /sites-available\/shop:\n([\s\S]*?\n)\s*(?:=|✓|~) /.exec(done.said)?.[1] ?? done.said;
    await site.host.root("cat >/etc/nginx/conf.d/shop.conf", { input: text });
    await site.root("nginx -t && systemctl reload nginx");
    await deployed("two");
    await site.root(
      "rm /etc/nginx/conf.d/shop.conf; sed -i 's,^user .*,user  nginx;,' /etc/nginx/nginx.conf; systemctl reload nginx",
    );
  });

  test("setup refuses it with both lines, which make setup and deploy green", async () => {
    site.project.commit({ "djdeploy.yml": yml });
    const before = await site.root("md5sum /etc/nginx/nginx.conf; ls -R /etc/nginx");
    const refused = await setup();
    expect(refused.code, refused.said).toBe(7);
    expect(refused.said).toContain(
      "seen: no line that includes /etc/nginx/sites-enabled/*; workers of nginx\n",
    );
    expect(await site.root("md5sum /etc/nginx/nginx.conf; ls -R /etc/nginx")).toBe(before);
    await follow(refused.said);
    const done = await setup();
    expect(done.code, done.said).toBe(0);
    await deployed("three");
  });
});
