"""How the command of another process is started, such that a stop reaches what works and not a shell in front of it.

`python manage.py tick 2>&1` needs a shell to read it and none to stay: it is started with `exec`. What does need one (a
pipe, `&&`, a list) keeps it, with a keeper in front: the manager's stop signal goes to the whole group, and the keeper
ends when the last of the group has.
"""
import os
import re
import signal
import sys
import time

# Words that only a shell can start; `exec` in front of them would fail.
OWN = {
    "!", "(", ".", ":", "[", "break", "case", "cd", "command", "continue", "eval", "exec", "exit", "export", "for", "function",
    "if", "read", "return", "set", "shift", "source", "test", "time", "times", "trap", "type", "ulimit", "umask", "unset",
    "until", "wait", "while", "{",
}  # fmt: skip
SHELLS = re.compile(r"(^|/)(sh|dash|bash|ksh|zsh)$|\.sh$")
ASSIGNS = re.compile(r"[A-Za-z_][A-Za-z0-9_]*=")


def simple(command):
    """(assignments, rest) of one simple command of the shell, whatever its quotes and redirects; None for any other."""
    at, words, begun, quote = 0, [], None, None
    while at < len(command):
        char = command[at]
        if quote:
            if char == "\\" and quote == '"':
                at += 1
            elif char == quote:
                quote = None
        elif char in "'\"":
            quote, begun = char, at if begun is None else begun
        elif char == "\\":
            begun, at = at if begun is None else begun, at + 1
        elif char in "|;()\n":
            return None
        elif char == "`" or command.startswith("$(", at):
            return None  # runs something of its own first: rare, and a shell's matter
        elif char == "&" and command[at - 1 : at] not in ("<", ">"):
            return None  # bash's `&>` too: sh would put the command into the background
        elif char == "#" and begun is None:
            return None
        elif char in " \t":
            if begun is not None:
                words.append((begun, at))
            begun = None
        elif begun is None:
            begun = at
        at += 1
    if quote:
        return None
    if begun is not None:
        words.append((begun, len(command)))
    first = next((start for start, end in words if not ASSIGNS.match(command[start:end])), None)
    word = "" if first is None else re.split(r"[\s<>]", command[first:], maxsplit=1)[0].strip("'\"")
    if first is None or word in OWN or SHELLS.search(word):
        return None
    return command[:first], command[first:]


def argv(command, own):
    """What the launcher becomes: the shell that becomes the command, or the keeper of a shell."""
    parts = simple(command)
    if parts is not None:
        return ["/bin/sh", "-c", "%sexec %s" % parts]
    return [sys.executable, "-I", os.path.join(own, "djd_process.py"), command]


def members():
    """Processes of this group and user that live, without this one. Under supervisord all that it runs is one session, in which
    a process of a neighbour's can join this group: it is not ours to end, nor to be waited for."""
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit() and int(name) != os.getpid():
            try:
                # In bytes: a process of anybody's chooses its name, which need not be text.
                if os.stat("/proc/" + name).st_uid != os.geteuid():
                    continue
                with open("/proc/%s/stat" % name, "rb") as file:
                    fields = file.read().rsplit(b")", 1)[1].split()
            except (OSError, IndexError):
                continue
            if int(fields[2]) == os.getpgrp() and fields[0] != b"Z":
                found.append(int(name))
    return found


def keep(command):
    """Runs a shell and stays until all that it began has ended. Each stop signal goes on to all of the group."""
    if os.getpgrp() != os.getpid():
        os.setpgid(0, 0)
    stopping = []

    def stop(number, _frame):
        for pid in members():
            try:
                os.kill(pid, number)
            except OSError:
                pass
        stopping.append(number)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2):
        signal.signal(number, stop)
    shell = os.fork()
    if shell == 0:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2):
            signal.signal(number, signal.SIG_DFL)
        os.execv("/bin/sh", ["/bin/sh", "-c", command])
    status = None
    while status is None or (stopping and members()):
        try:
            pid, ended = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            pid, ended = 0, None
        if pid == shell:
            status = ended
        elif not pid:
            time.sleep(0.05)
    if not stopping:
        # Its shell ended by itself: what it left behind would run beside the next one.
        stop(signal.SIGTERM, None)
        end = time.monotonic() + 5
        while members() and time.monotonic() < end:
            time.sleep(0.05)
    sys.exit(os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status))


if __name__ == "__main__":
    keep(sys.argv[1])
