"""For the launcher: how a program starts whose environment is larger than Linux lets any program be given one.

Linux hands over at most 128 KiB in one variable, and about a quarter of the stack's limit in all. A Python program is
started without what is too large and reads that itself (djd_carry.py), as does every Python that it starts. A program
that is not Python could not: it does not start.
"""
import os
import re
import resource
import shlex
import shutil

OWN = os.path.dirname(os.path.abspath(__file__))
ONE = 32 * resource.getpagesize()
STACK = resource.getrlimit(resource.RLIMIT_STACK)[0]
# Half of what Linux takes in all: what it starts has arguments and variables of its own.
ALL = (6 << 20 if STACK == resource.RLIM_INFINITY else min(max(STACK // 4, 131072), 6 << 20)) // 2


def lighten(argv, env, values, file):
    """The environment to start with. Raises TooLarge, which names variables and never has a value.

    values: what of it comes from the environment version, `file`.
    """
    left = dict(env)
    held = []
    total = sum(_size(name, value) for name, value in env.items())
    for name in sorted(values, key=lambda name: -_size(name, env.get(name, ""))):
        size = _size(name, env.get(name, ""))
        if env.get(name) != values[name] or re.match(r"PYTHON|LD_|PATH$", name):
            continue
        if size <= ONE and total <= ALL:
            break
        held.append(name)
        total -= size
        del left[name]
    names = ",".join(sorted(held))
    if not held or len(names) >= ONE // 2:
        raise TooLarge("its arguments and environment are too large for Linux to start it")
    if not _is_python(argv, env.get("PATH", "")):
        more = " (and %d more)" % (len(held) - 1) if len(held) > 1 else ""
        limit = "at most %d bytes in one variable and %d in all" % (ONE - 1, 2 * ALL)
        raise TooLarge(
            "%s%s has %d bytes; Linux hands a program %s, and only a Python program can read more from the release."
            " Shorten it, or put it into a file and give the file's path"
            % (held[0], more, len(os.fsencode(values[held[0]])), limit)
        )
    left.update(
        DJDEPLOY_CARRIED=names,
        DJDEPLOY_CARRIED_FROM=file,
        PYTHONPATH=":".join(filter(None, [os.path.join(OWN, "carry"), env.get("PYTHONPATH")])),
    )
    return left


class TooLarge(Exception):
    pass


def _size(name, value):
    return len(os.fsencode(name)) + len(os.fsencode(value)) + 2


def _is_python(argv, path):
    if argv[:2] == ["/bin/sh", "-c"]:
        command = argv[2]
        try:
            single = command.startswith("exec ") and not re.search(r"[|;&<>\n]", command)
            argv = shlex.split(command)[1:] if single else []
        except ValueError:
            argv = []
    file = argv and shutil.which(argv[0], path=path)
    if not file:
        return False
    if re.match(r"python|pypy", os.path.basename(os.path.realpath(file))):
        return not _isolated(argv[1:])
    with open(file, "rb") as script:
        first, second = script.readline(1024).split(), script.readline(1024)
    if not first or not first[0].startswith(b"#!"):
        return False
    words = os.fsdecode(b" ".join(first))[2:].split()
    if second.startswith(b"'''exec' "):
        # pip's way around a path that is too long for the first line.
        words = [os.fsdecode(second)[len("'''exec' "):].split()[0].strip('"')]
    while len(words) > 1 and os.path.basename(words[0]) == "env":
        words = [word for word in words[1:] if word != "-S"]
    return bool(words) and bool(re.match(r"python|pypy", os.path.basename(words[0]))) and not _isolated(words[1:])


def _isolated(words):
    """Whether Python is told to look neither at PYTHONPATH nor at sitecustomize."""
    words = list(words)
    while words and words[0].startswith("-") and words[0] not in ("-", "--") and not words[0].startswith(("-c", "-m")):
        word = words.pop(0)
        if word in ("-X", "-W") and words:
            words.pop(0)
        elif not word.startswith(("--", "-X", "-W")) and re.search("[EIS]", word):
            return True
    return False
