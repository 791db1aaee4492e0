import type { Manager } from "../hosts/support/site.ts";
import type { Victim } from "./victims.ts";

export interface Way {
  way: string;
  /** What is tried, for people. */
  tries: string;
  /** Python, after tools.py, as the running user of `shop` inside of what runs it. "" where the table's test tries it itself. */
  probe: string;
  /** Who has to get something with the same probe, or it tries nothing: root, the victim itself; null = it says so itself. */
  control?: (victim: Victim) => "root" | "itself" | null;
  /** Why something is got, where it is; undefined: nothing may be. */
  open?: (victim: Victim, manager: Manager) => string | undefined;
}

/** What a broken-into application tries. Each is tried on each victim, under each manager. */
export const ways: readonly Way[] = [
  {
    way: "read a file",
    tries: "its data, code, values, keys, logs",
    probe: `each("read", V["reads"], read)`,
  },
  {
    way: "write a file",
    tries: "its files, a new one beside them, another one in their place",
    probe: `
def exchange(path):
    os.rename(path, path + ".x")
    os.rename(path + ".x", path)
    return "renamed"
each("write", V["writes"], make)
each("make", [folder + "/of-shop" for folder in V["folders"]], make)
each("exchange", V["writes"], exchange)`,
  },
  {
    way: "open a socket",
    tries: "its sockets; over D-Bus, to have its service started",
    probe: `
def reach(path):
    with socket.socket(socket.AF_UNIX) as one:
        one.connect(path)
    return "connected"
each("connect", V["sockets"], reach)
systemd = "org.freedesktop.systemd1"
attempt("D-Bus", lambda: run("busctl", "--system", "call", systemd, "/org/freedesktop/systemd1",
    systemd + ".Manager", "StartUnit", "ss", V["unit"], "replace"))`,
  },
  {
    way: "loopback port",
    tries: "the ports on which it listens",
    probe: `
def reach(port):
    with socket.create_connection(("127.0.0.1", port), 5) as one:
        one.sendall(b"GET / HTTP/1.0\\r\\n\\r\\n")
        return one.recv(40)
each("port", V["ports"], reach)
attempt("any", lambda: V["ports"])`,
    control: (victim) => (victim === "the deploying user" ? null : "root"),
    open: (victim) =>
      victim === "the deploying user"
        ? undefined
        : {
            "the neighbour":
              "a port of loopback answers every program of the host: `listen: PORT` of a neighbour is as open as to a visitor; `listen: socket`, which is the default, is not reached",
            root: "sshd's port is everybody's; it lets the running user in with no key (H16)",
            nginx: "it is a visitor there",
          }[victim],
  },
  {
    way: "signal",
    tries: "to signal its processes",
    probe: `each("signal", V["pids"], lambda pid: os.kill(pid, 0) or "may")`,
  },
  {
    way: "ptrace",
    tries: "to trace its processes, to read and write their memory",
    probe: `
each("seize", V["pids"], lambda pid: call("ptrace", 0x4206, pid, None, None))
each("memory", ["/proc/%d/mem" % pid for pid in V["pids"]], lambda path: os.close(os.open(path, os.O_RDWR)) or "opened")`,
  },
  {
    way: "/proc",
    tries: "environment, files, folder, memory map of its processes",
    probe: `
for pid in V["pids"]:
    each("read", ["/proc/%d/%s" % (pid, name) for name in ("environ", "maps", "stack", "io")], read)
    each("link", ["/proc/%d/%s" % (pid, name) for name in ("cwd", "root", "exe")], os.readlink)
    attempt("files of %d" % pid, lambda: os.listdir("/proc/%d/fd" % pid))
    attempt("command line of %d" % pid, lambda: V["mark"].encode() in read("/proc/%d/cmdline" % pid))`,
  },
  {
    way: "journal",
    tries:
      "its lines: journalctl, the journal's files, everything in /var/log, our program for the deploying user",
    probe: `
mark = V["mark"]
attempt("journalctl", lambda: mark in run("journalctl", "-q", "--no-pager", "-n", "100000"))
attempt("its unit", lambda: mark in run("journalctl", "-q", "--no-pager", "-u", V["unit"]))
attempt("our program", lambda: mark in run("sudo", "-n", "/usr/local/lib/djdeploy/shop-journal", input=b"blue 400\\n"))
found = []
for top in ("/var/log", "/run/log"):
    for folder, _, names in os.walk(top):
        for name in names:
            try:
                if mark.encode() in read(os.path.join(folder, name)):
                    found.append(os.path.join(folder, name))
            except OSError:
                pass
attempt("logs", lambda: found)
attempt("kernel", lambda: run("dmesg"))`,
  },
  {
    way: "mount",
    tries: "to put a mount over its files; in a user namespace, to take the mounts away that hide them",
    probe: `
each("mount over", V["reads"][:1], lambda path: call("mount", b"/etc/hostname", path.encode(), None, 4096, None))
hidden = "umount -l /srv/shop /srv /root /tmp 2>/dev/null; cat %s 2>&1" % " ".join(V["reads"])
attempt("user namespace", lambda: V["mark"] in run("unshare", "-Urm", "sh", "-c", hidden + "; true"))`,
  },
  {
    way: "cron",
    tries:
      "a job of its, one of root's, one of the running user's own, which would go on outside of everything",
    probe: `
job = b"# of shop\\n"
attempt("its crontab", lambda: run("crontab", "-u", V["user"], "-", input=job))
def own():
    said = run("crontab", "-", input=job)
    run("crontab", "-r")
    return said
attempt("own crontab", own)
each("write", ["/etc/cron.d/of-shop", "/etc/crontab", "/etc/cron.daily/of-shop", "/var/spool/cron/crontabs/" + V["user"]], make)
attempt("at", lambda: run("at", "now", input=b"true"))`,
  },
  {
    way: "start-up file",
    tries:
      "what its shell, its sessions, sshd, systemd, supervisord, the loader or Python read when they start",
    probe: `each("write", V["starts"], make)`,
  },
  {
    way: "hard link",
    tries: "a second name for its files where the application writes",
    probe: `
def link(path):
    own = "/srv/shop/shared/linked"
    os.link(path, own)
    os.unlink(own)
    return "linked"
each("link", V["reads"], link)
def push(folder):
    open("/srv/shop/shared/pushed", "w").close()
    try:
        os.link("/srv/shop/shared/pushed", folder + "/pushed")
        os.unlink(folder + "/pushed")
    finally:
        os.unlink("/srv/shop/shared/pushed")
    return "linked"
each("link into", V["folders"], push)`,
  },
  {
    way: "link swapped during root's work",
    tries:
      "in everything that the application may write, links to its files in the place of folders and files, exchanged all the time while setup runs, services restart and logs rotate",
    probe: "",
  },
  {
    way: "sudo rule",
    tries: "to become it: sudo (any rule, our programs), su, sg, setuid",
    probe: `
user = V["user"]
def become(*argv):
    said = run(*argv)
    return said if "uid=" in said and "uid=%d" % os.getuid() not in said else ""
attempt("sudo", lambda: become("sudo", "-n", "-u", user, "id"))
attempt("sudo -l", lambda: "NOPASSWD" in run("sudo", "-n", "-l"))
for program in ("as", "gate", "journal", "reader"):
    attempt("shop-" + program, lambda: become("sudo", "-n", "-u", user, "/usr/local/lib/djdeploy/shop-" + program, "id"))
attempt("as itself", lambda: run("sudo", "-n", "-u", user, "/usr/local/lib/djdeploy/shop-as", "true"))
attempt("su", lambda: become("su", "-s", "/bin/sh", "-c", "id", user))
attempt("runuser", lambda: become("runuser", "-u", user, "--", "id"))
attempt("pkexec", lambda: become("pkexec", "--user", user, "id"))
import grp, pwd
attempt("setuid", lambda: os.setreuid(pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_uid) or "done")
each("group", ["next", "systemd-journal"], lambda name: name in run("sg", name, "-c", "id -gn"))`,
  },
  {
    way: "package hook",
    tries: "what apt, dpkg, pip and Python read when something is installed or begins",
    probe: `each("write", V["hooks"], make)`,
  },
  {
    way: "core dump",
    tries: "to have its memory written where it can be read, or one's own where it does harm",
    probe: `
import resource
each("limit", V["pids"], lambda pid: resource.prlimit(pid, resource.RLIMIT_CORE, resource.prlimit(pid, resource.RLIMIT_CORE)) or "set")
each("write", ["/proc/sys/kernel/core_pattern", "/proc/sys/fs/suid_dumpable"], lambda path: os.close(os.open(path, os.O_WRONLY)) or "opened")
each("list", ["/var/lib/systemd/coredump", "/var/crash"], os.listdir)
def dump(folder):
    before = set(os.listdir(folder)) if os.access(folder, os.R_OK) else None
    run("sh", "-c", "cd %s && ulimit -c unlimited && kill -ABRT $$" % folder)
each("dump into", V["folders"][:3], dump)`,
    // A host of the lab has no CAP_SYS_RESOURCE.
    control: () => "itself",
  },
  {
    way: "tmp file",
    tries:
      "to read what it left in /tmp and /var/tmp; names that it will write to, put there before it as a file or a link",
    probe: `
user = V["user"]
for folder in ("/tmp", "/var/tmp"):
    each("read", ["%s/of-%s" % (folder, user), "%s/private-of-%s" % (folder, user)], read)
    each("exchange", ["%s/of-%s" % (folder, user)], lambda path: os.rename(path, path + ".x") or "renamed")`,
    open: (victim, manager) =>
      manager === "supervisord"
        ? `/tmp is one for all, since supervisord has no sandbox: what ${victim} leaves there for others to read can be read; files of mode 0600, and names that are there already, are safe`
        : undefined,
  },
];
