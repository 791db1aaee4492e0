"""Code of a repository that looks for secrets: dumps what /proc shows of every process of this user.

walk.py DUMP: environments and command lines of all processes, what the parents' open files hold, and how large a dump
of the action's memory may become.
"""

import glob
import os
import stat
import sys

parents = set()
pid = os.getpid()
while pid > 1:
    parents.add(str(pid))
    with open("/proc/%d/stat" % pid) as line:
        pid = int(line.read().rpartition(")")[2].split()[1])

with open(sys.argv[1], "ab") as dump:
    dump.write(b"walked\n")
    for pid in parents:
        with open("/proc/%s/cmdline" % pid) as file:
            face = "dist/action/" in file.read()
        if face:
            with open("/proc/%s/limits" % pid) as file:
                core = next(line for line in file if line.startswith("Max core file size"))
            dump.write(("limit of the face's core: %s\n" % " ".join(core.split()[4:])).encode())
    for folder in glob.glob("/proc/[0-9]*"):
        paths = [folder + "/environ", folder + "/cmdline"]
        # Of the others only what has no effect on them: who reads a pipe takes it away.
        if os.path.basename(folder) in parents:
            paths += glob.glob(folder + "/fd/*")
        for path in paths:
            try:
                if "/fd/" in path and not stat.S_ISREG(os.stat(path).st_mode):
                    continue
                with open(path, "rb") as file:
                    dump.write(file.read(1 << 22) + b"\n")
            except OSError:
                pass
