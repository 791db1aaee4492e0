import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { basename, dirname, join } from "node:path";
import { startDelay } from "../../../lab/delay.ts";
import type { Place } from "../place.ts";
import { plainLayer } from "../plain-host.ts";
import { needs } from "./needs.ts";
import type { Contestant } from "./types.ts";

const capfile = `require "capistrano/setup"
require "capistrano/deploy"
require "capistrano/scm/git"
install_plugin Capistrano::SCM::Git
`;

const deployRb = (repository: string) => `lock "~> 3.17.0"
set :application, "shop"
set :repo_url, "${repository}"
set :branch, "main"
set :deploy_to, "/srv/shop"
set :linked_dirs, %w[venv]
set :linked_files, %w[db.sqlite3]
set :default_env, { "DJANGO_SETTINGS_MODULE" => "shop.production", "SECRET_KEY" => File.read("secret") }

namespace :django do
  def manage(words)
    on roles(:app) do
      within(release_path) { execute :"venv/bin/python", "manage.py", words, "--noinput" }
    end
  end
  task(:install) do
    on roles(:app) do
      within(release_path) { execute :"venv/bin/pip", "install", "-r", "requirements.txt" }
    end
  end
  task(:migrate) { manage("migrate") }
  task(:collectstatic) { manage("collectstatic") }
  task(:restart) { on(roles(:app)) { execute :sudo, :systemctl, :restart, :shop } }
end
after "deploy:updated", "django:install"
after "django:install", "django:migrate"
after "django:migrate", "django:collectstatic"
after "deploy:published", "django:restart"
`;

const production = (sshConfig: string) => `server "web1", user: "shop", roles: %w[app]
set :ssh_options, { config: ["${sshConfig}"], verify_host_key: :always, forward_agent: false }
`;

/** Capistrano 3.17 with the git strategy; the repository is served by git's own daemon on this machine. */
export const capistrano: Contestant = {
  id: "d",
  name: "Capistrano",
  does: "`cap production deploy`: git strategy, a linked virtual environment, `pip install`, migrate, collectstatic, `systemctl restart`; the way from the host to the git server is not delayed",
  compared: true,
  ground: "capistrano",
  missing: () => needs("cap"),
  layer: plainLayer,
  async start(place, project) {
    await place.root(
      "ln -sfn ../venv /srv/shop/shared/venv && su shop -c 'touch /srv/shop/shared/db.sqlite3'",
    );
    const git = await startGitDaemon(place, project.folder);
    const folder = join(place.folder, "capistrano");
    mkdirSync(join(folder, "config/deploy"), { recursive: true });
    const secret = (await place.root("sed -n s/SECRET_KEY=//p /etc/shop.env")).trim();
    writeFileSync(join(folder, "secret"), secret);
    writeFileSync(join(folder, "Capfile"), capfile);
    writeFileSync(join(folder, "config/deploy.rb"), deployRb(git.url));
    writeFileSync(join(folder, "config/deploy/production.rb"), production(place.sshConfig));
    return {
      async deploy() {
        await place.run("cap", ["production", "deploy"], { cwd: folder });
        return {};
      },
      lines: [git.line],
      stop: git.stop,
    };
  },
};

/** Serves a checkout read-only to one host, over a line that counts. */
async function startGitDaemon(place: Place, checkout: string) {
  const machine = place.host.address.replace(/\.2$/, ".1");
  const port = await freePort();
  const daemon = spawn(
    "git",
    [
      ...["daemon", "--export-all", "--reuseaddr", `--base-path=${dirname(checkout)}`],
      ...["--listen=127.0.0.1", `--port=${port}`, checkout],
    ],
    { stdio: "ignore" },
  );
  // What a host asks for goes the other way round: sent is what it asks, received what it gets.
  const line = await startDelay({ host: "127.0.0.1", port, delayMs: 0, listen: machine });
  return {
    line,
    url: `git://${machine}:${line.port}/${basename(checkout)}`,
    async stop() {
      await line.close();
      daemon.kill();
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
