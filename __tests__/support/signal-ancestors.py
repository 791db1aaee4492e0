"""Code of a repository that sends a signal to the face that started it, and tells which one that was.

signal-ancestors.py SIGNAL FILE: the first process above with a bundle on its command line gets it.
"""

import os
import signal
import sys

pid = os.getppid()
while pid > 1:
    with open("/proc/%d/cmdline" % pid) as file:
        words = file.read()
    faces = [face for face in ("action", "cli") if "dist/%s/" % face in words]
    if faces:
        os.kill(pid, getattr(signal, sys.argv[1]))
        with open(sys.argv[2], "a") as told:
            told.write(faces[0] + "\n")
        break
    with open("/proc/%d/stat" % pid) as line:
        pid = int(line.read().rpartition(")")[2].split()[1])
