import { expect, test } from "vitest";
import { askPython } from "../../support/host-python.ts";

// supervisord sends its last KILL to the process group that it made for a program. One that has joined another group of its
// session is never reached, and `supervisorctl stop` waits for it without end. What supervisord does then was seen on a host.

const program = `
import json, os, shutil, subprocess, tempfile
import djd_manager
from djd_paths import Paths, Refused

site = tempfile.mkdtemp()
main = subprocess.Popen(["/usr/bin/python3", "-I", "-c", """
import signal, time
signal.signal(15, signal.SIG_IGN)
print(flush=True)
time.sleep(90)
"""], stdout=subprocess.PIPE)
main.stdout.readline()
alive = "[ -e /proc/%d/cwd ] && ! grep -q '^State:.Z' /proc/%d/status" % (main.pid, main.pid)
said = sys.argv[1] or str(main.pid)
wired = {
    "status": ["sh", "-c", 'case $1 in pid) echo %s;; *) if %s; then echo shop-worker STOPPING; else echo shop-worker STOPPED; fi;; esac' % (said, alive), "ctl", "status"],
    "stop": ["sh", "-c", "kill %d; n=0; while [ $n -lt 800 ] && %s; do sleep 0.1; n=$((n+1)); done" % (main.pid, alive), "shop-worker"],
}
djd_manager.PROGRAMS = site + "/%s.conf"
with open(site + "/shop.conf", "w") as file:
    file.write("[program:shop-web-blue]\\nstopwaitsecs=70\\n\\n[program:shop-worker]\\ncommand=x\\nstopwaitsecs=1\\nstopasgroup=false\\n")
djd_manager.MARGIN = 1
with open(site + "/owner.json", "w") as file:
    json.dump({"app": "shop", "manager": {"kind": "supervisord"}, "processes": {"worker": wired}}, file)
try:
    djd_manager.stop(Paths(site), "worker")
    told = None
except Refused as error:
    told = error.code
print(json.dumps([told, main.poll()]))
main.kill()
shutil.rmtree(site)
`;

test("what its manager can not kill is killed when its time is over", () => {
  expect(askPython(program, "")).toEqual([null, -9]);
});

test("where that does not help either, it is said that it was not stopped", () => {
  expect(askPython(program, String(2 ** 22 + 1))).toEqual(["manager.stop", null]);
});
