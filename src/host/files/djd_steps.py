"""Steps: fixed scripts that run detached, each with its own log and result under .djdeploy/runs/RUN.

A step is named once in a run. Asking for it again attaches to it: it is never started twice, so a runner that lost
its connection just asks again.
"""
import glob
import os
import re
import select
import signal
import subprocess
import time

import djd_lock
import djd_manners
from djd_paths import read_json, write_file, write_json

TAIL = 64 * 1024
_KILLED = {"code": None, "signal": "KILL", "ms": 0}


def _files(paths, run, step):
    folder = paths.runs(run)
    os.makedirs(folder, mode=0o700, exist_ok=True)
    base = os.path.join(folder, step)
    return base + ".log", base + ".result", base + ".pid"


def run(
    paths, run_id, step, argv, env, cwd, emit, keep_lock=False, cancelled=None, offset=0, until=None, gives_way=False
):  # fmt: skip
    """Starts a step or attaches to it; streams its log from `offset` on to emit(text).

    Returns ({"ok", "code", "signal", "ms"}, OFFSET) at its end; (None, OFFSET) when the file `until` is there
    before that. gives_way: to what serves (djd_manners.py), but for the wrapper: it must live to say how the step ended.
    """
    log, result, pidfile = _files(paths, run_id, step)
    if not os.path.exists(result) and not djd_lock.alive(read_json(pidfile)):
        if os.path.exists(pidfile):
            # The wrapper died without a result (killed, out of memory): that is an answer, not a reason to run twice.
            write_json(result, _KILLED, 0o600)
        else:
            _start(paths, log, result, pidfile, argv, env, cwd, keep_lock, gives_way)
    while True:
        done, answered = os.path.exists(result), until is not None and os.path.exists(until)
        offset = _forward(log, offset, emit)
        if done or answered:
            break
        if cancelled and cancelled():
            kill(paths, run_id, step)
        if not djd_lock.alive(read_json(pidfile)) and not os.path.exists(result):
            write_json(result, _KILLED, 0o600)
        _reap()
        time.sleep(0.01)
    _reap()
    if not done:
        return None, offset
    answer = read_json(result)
    return dict(answer, ok=answer["code"] == 0), offset


def interrupted(paths):
    """The last migrate of any run, where it was ended before its end: {"run", "at", "doing"}; None otherwise."""
    logs = glob.glob(os.path.join(glob.escape(paths.runs("")), "*", "migrate.log"))
    last = max(logs, key=os.path.getmtime, default=None)
    if last is None:
        return None
    base = last[: -len(".log")]
    result = read_json(base + ".result")
    if result is None and djd_lock.alive(read_json(base + ".pid")):
        return None
    if result is not None and not result["signal"]:
        return None
    with open(last, "rb") as file:
        applying = re.findall(rb"^\s*Applying (\S+?)\.\.\.(?!.*\bOK\b)", file.read()[-TAIL:], re.M)
    doing = applying[-1].decode("utf-8", "replace") if applying else None
    return {"run": os.path.basename(os.path.dirname(last)), "at": os.path.getmtime(last), "doing": doing}


def end(paths, run_id, step):
    """Ends a step if it runs, and waits until it has ended."""
    _log, result, pidfile = _files(paths, run_id, step)
    kill(paths, run_id, step)
    while djd_lock.alive(read_json(pidfile)) and not os.path.exists(result):
        _reap()
        time.sleep(0.02)


def kill(paths, run_id, step):
    record = read_json(_files(paths, run_id, step)[2])
    if djd_lock.alive(record):
        try:
            os.killpg(record["pid"], signal.SIGTERM)
        except ProcessLookupError:
            pass


def _reap():
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def _forward(log, offset, emit):
    try:
        with open(log, "rb") as file:
            file.seek(offset)
            data = file.read(TAIL)
    except FileNotFoundError:
        return offset
    # Whole lines only, so that a character is never cut in two; a line without an end goes when it is long.
    end = data.rfind(b"\n") + 1
    if end == 0 and len(data) == TAIL:
        end = len(data)
        while end > TAIL - 4 and data[end - 1] & 0xC0 == 0x80:
            end -= 1
        if data[end - 1] >= 0xC0:
            end -= 1
    if end:
        emit(data[:end].decode("utf-8", "replace"))
    return offset + end


def _start(paths, log, result, pidfile, argv, env, cwd, keep_lock, gives_way):
    write_file(log, b"", 0o600)
    child = os.fork()
    if child:
        record = {"pid": child, "start": djd_lock.start_time(child), "boot": djd_lock.boot_id(), "group": True}
        write_json(pidfile, record, 0o600)
        djd_lock.note_step(paths, dict(record, name=os.path.basename(log)[: -len(".log")], keepsLock=keep_lock))
        return
    # The wrapper: its own session, so that nothing that happens to the connection reaches it. It keeps the lock.
    try:
        os.setsid()
        null = os.open(os.devnull, os.O_RDWR)
        out = os.open(log, os.O_WRONLY | os.O_APPEND)
        for target, source in ((0, null), (1, out), (2, out)):
            os.dup2(source, target)
        for sig in (signal.SIGHUP, signal.SIGINT, signal.SIGPIPE):
            signal.signal(sig, signal.SIG_DFL)
        answer = _supervise(argv, env, cwd, keep_lock, gives_way)
        _end_line(log)
        write_json(result, answer, 0o600)
    except BaseException as error:  # the wrapper must leave a result whatever happens
        try:
            os.write(2, ("%s: %s\n" % (type(error).__name__, error)).encode())
            write_json(result, {"code": 127, "signal": None, "ms": 0}, 0o600)
        except BaseException:
            pass
    finally:
        os._exit(0)


def _end_line(log):
    """A log ends with a newline, so that its last line is forwarded too."""
    with open(log, "rb+") as file:
        if file.seek(0, 2):
            file.seek(-1, 2)
            if file.read(1) != b"\n":
                file.write(b"\n")


def _supervise(argv, env, cwd, keep_lock, gives_way):
    begun = time.monotonic()
    stopped = []  # the moments at which an end was asked for
    signal.signal(signal.SIGTERM, lambda *_: stopped.append(time.monotonic()))
    pass_fds = (djd_lock.held,) if keep_lock and djd_lock.held is not None else ()
    modest = {"preexec_fn": djd_manners.give_way} if gives_way else {}
    process = subprocess.Popen(
        djd_manners.modest(argv) if gives_way else argv, env=env, cwd=cwd, stdin=subprocess.DEVNULL, close_fds=True,
        pass_fds=pass_fds, **modest,
    )  # fmt: skip
    settled = not gives_way
    ended = _watch(process.pid)
    while True:
        settled = settled or djd_manners.give_way_as_group(process.pid)
        code = _wait(process, ended, 0.5 if settled else 0.1)
        if code is not None:
            break
        if stopped and time.monotonic() - stopped[0] > 10:
            process.kill()
    if stopped and code == 0:
        code = -signal.SIGTERM
    name = signal.Signals(-code).name[3:] if code < 0 else None
    return {
        "code": None if code < 0 else code,
        "signal": name,
        "ms": int((time.monotonic() - begun) * 1000),
    }


def _watch(pid):
    """A descriptor that becomes readable when the process ends; None where Python or the kernel has none."""
    try:
        return os.pidfd_open(pid)
    except (AttributeError, OSError):
        return None


def _wait(process, ended, seconds):
    """Its code, or None after so many seconds. Popen.wait looks only every 50 ms when it has a limit."""
    if ended is not None:
        select.select([ended], [], [], seconds)
        return process.poll()
    try:
        return process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        return None
