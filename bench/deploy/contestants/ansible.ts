import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../../lab/exec.ts";
import { plainLayer } from "../plain-host.ts";
import { needs } from "./needs.ts";
import type { Contestant } from "./types.ts";

const playbook = (source: string) => `- hosts: web
  vars:
    settings: shop.production
  environment:
    SECRET_KEY: "{{ lookup('file', 'secret') }}"
  tasks:
    - name: code
      ansible.posix.synchronize:
        src: ${source}/
        dest: /srv/shop/app/
        delete: true
        use_ssh_args: true
        rsync_opts: ["--exclude=.git", "--exclude=db.sqlite3", "--exclude=staticfiles", "--exclude=__pycache__"]
    - name: dependencies
      ansible.builtin.pip:
        requirements: /srv/shop/app/requirements.txt
        virtualenv: /srv/shop/venv
        virtualenv_command: python3 -m venv
    - name: migrate
      community.general.django_manage:
        command: migrate
        project_path: /srv/shop/app
        virtualenv: /srv/shop/venv
        settings: "{{ settings }}"
    - name: static files
      community.general.django_manage:
        command: collectstatic
        project_path: /srv/shop/app
        virtualenv: /srv/shop/venv
        settings: "{{ settings }}"
    - name: restart
      become: true
      ansible.builtin.systemd:
        name: shop
        state: restarted
`;

/** Ansible as Debian packages it, with the modules that its own documentation uses for Django. */
export const ansible: Contestant = {
  id: "e",
  name: "Ansible",
  does: "`ansible-playbook`: facts, synchronize, pip, django_manage migrate and collectstatic, systemd restarted; defaults (no pipelining), connections are shared within a run",
  compared: true,
  ground: "ansible",
  missing: () => needs("ansible-playbook", "rsync"),
  layer: plainLayer,
  async start(place, project) {
    await place.root("install -d -o shop -g shop /srv/shop/app && ln -sfn app /srv/shop/current");
    const folder = join(place.folder, "ansible");
    const control = join(place.folder, "cp");
    mkdirSync(folder);
    mkdirSync(control);
    const secret = (await place.root("sed -n s/SECRET_KEY=//p /etc/shop.env")).trim();
    writeFileSync(join(folder, "secret"), secret);
    writeFileSync(join(folder, "site.yml"), playbook(project.folder));
    writeFileSync(join(folder, "hosts"), "[web]\nweb1 ansible_python_interpreter=/usr/bin/python3\n");
    // The defaults of ssh_args, with the file that leads to the host.
    writeFileSync(
      join(folder, "ansible.cfg"),
      `[ssh_connection]
ssh_args = -F ${place.sshConfig} -C -o ControlMaster=auto -o ControlPersist=60s
control_path_dir = ${control}
`,
    );
    return {
      async deploy() {
        await place.run("ansible-playbook", ["-i", "hosts", "site.yml"], { cwd: folder });
        return {};
      },
      tidy: () => endMasters(place.sshConfig, control),
    };
  },
};

/** A connection that outlives its run would be a present to the next one, which a CI job never gets. */
async function endMasters(sshConfig: string, folder: string): Promise<void> {
  for (const name of readdirSync(folder))
    await run("ssh", ["-F", sshConfig, "-S", join(folder, name), "-O", "exit", "web1"]);
}
