# The beginning of every probe: it runs as the running user of `shop`, inside of what runs it. V is what there is of the
# victim (victims.ts). A line `GOT …` is something that it got, a line `no …` something that it was refused.
import ctypes, os, signal, socket, subprocess, sys

libc = ctypes.CDLL(None, use_errno=True)


def attempt(what, act):
    try:
        said = act()
    except Exception as error:
        print("no %s: %s" % (what, " ".join(str(error).split())[:200] or type(error).__name__))
    else:
        print("%s %s: %s" % ("GOT" if said else "no", what, " ".join(str(said).split())[:120]))


def each(what, names, act):
    for name in names:
        attempt("%s %s" % (what, name), lambda: act(name))


def run(*argv, input=b""):
    """What a program printed, when it ended well; else that is thrown."""
    done = subprocess.run(argv, input=input, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=15)
    text = done.stdout.decode(errors="replace")
    if done.returncode != 0:
        raise RuntimeError(text[-150:] or "exit code %d" % done.returncode)
    return text or "done"


def call(name, *args):
    """A function of the C library that answers -1 when it fails."""
    if getattr(libc, name)(*args) == -1:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
    return "done"


def read(path):
    with open(path, "rb") as file:
        return file.read(1 << 20)


def make(path):
    """A new file, or one that is there opened to be written; nothing is written. What was made is taken away."""
    there = os.path.lexists(path)
    parent = os.path.dirname(path)
    if not os.path.isdir(parent):
        while not os.path.isdir(os.path.dirname(parent)):
            parent = os.path.dirname(parent)
        os.mkdir(parent)
        os.rmdir(parent)
        return "its folder could be made"
    os.close(os.open(path, os.O_WRONLY | (0 if there else os.O_CREAT | os.O_EXCL)))
    if not there:
        os.unlink(path)
    return "opened to be written"
