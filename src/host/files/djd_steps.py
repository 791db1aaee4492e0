"""Steps: fixed scripts that run detached, each with its own log and result under .djdeploy/runs/RUN.

A step is named once in a run. Asking for it again attaches to it: it is never started twice, so a runner that lost
its connection just asks again. One that runs the project's code does so as the application's user; its wrapper, which
holds the lock and writes the result, stays ours.
"""
import glob
import marshal
import os
import re
import select
import signal
import subprocess
import sys
import time

import djd_as_user
import djd_leftovers
import djd_lock
import djd_manners
import djd_output
import djd_step_log
from djd_paths import read_json, write_file, write_json

# Seconds after which what was asked to end is killed.
PATIENCE = 10
# The other user's side of a step: starts what it is told on standard input, as LENGTH and so many bytes, and ends as that ends.
# We can not signal what is another user's: it does when it is told, and by itself when nobody is left to tell it.
# djd_leftovers.py stands before it.
OTHER_SIDE = """
import marshal, select, sys
# PR_SET_DUMPABLE: what it starts can not trace it, and so not hold it either.
ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)
adopt()
def take(count):
    data = b""
    while len(data) < count:
        piece = os.read(0, count - len(data))
        if not piece:
            sys.exit(1)
        data += piece
    return data
spec = marshal.loads(take(int(take(8))))
os.chdir(spec["cwd"])
child, code = spawn(spec["argv"], spec["env"]), None
signal.signal(signal.SIGTERM, signal.SIG_IGN)
told, kill_at, watched = [0], None, watch(child)
while True:
    code = code_of(child)
    if code is not None:
        break
    ready = select.select(told + watched, [], [], 0.5 if watched else 0.05)[0]
    if 0 in ready:
        word = os.read(0, 64)
        if not word:
            told = []
        if b"KILL" in word:
            kill()
            os.killpg(0, signal.SIGKILL)
        if kill_at is None:
            os.killpg(0, signal.SIGTERM)
            kill_at = time.monotonic() + spec["patience"]
    if kill_at and time.monotonic() > kill_at:
        kill()
        os.killpg(0, signal.SIGKILL)
left = end()
if left:
    os.write(2, said(left).encode())
if code < 0:
    if code != -signal.SIGKILL:
        signal.signal(-code, signal.SIG_DFL)
    os.kill(os.getpid(), -code)
sys.exit(code)
"""
_KILLED = {"code": None, "signal": "KILL", "ms": 0}


def _files(paths, run, step):
    folder = paths.runs(run)
    os.makedirs(folder, mode=0o750 if paths.runner else 0o700, exist_ok=True)
    base = os.path.join(folder, step)
    return base + ".log", base + ".result", base + ".pid"


def run(
    paths, run_id, step, argv, env, cwd, emit, keep_lock=False, cancelled=None, offset=0, until=None, gives_way=False,
    as_user=False, meanwhile=None,
):  # fmt: skip
    """Starts a step or attaches to it; streams its log from `offset` on to emit(text).

    Returns ({"ok", "code", "signal", "ms"}, OFFSET) at its end; (None, OFFSET) when the file `until` is there
    before that. gives_way: to what serves (djd_manners.py), but for the wrapper: it must live to say how the step ended.
    as_user: it runs the project's code. meanwhile() is called again and again while it runs.
    """
    log, result, pidfile = _files(paths, run_id, step)
    if not os.path.exists(result) and not djd_lock.alive(read_json(pidfile)):
        if os.path.exists(pidfile):
            # The wrapper died without a result (killed, out of memory): that is an answer, not a reason to run twice.
            write_json(result, _KILLED, 0o600)
        else:
            _start(paths, log, result, pidfile, argv, env, cwd, keep_lock, gives_way, as_user and paths.runner)
    begun = time.monotonic()
    while True:
        done, answered = os.path.exists(result), until is not None and os.path.exists(until)
        offset = djd_step_log.forward(log, offset, emit)
        if done or answered:
            break
        if meanwhile:
            try:
                meanwhile()
            except BaseException:
                end(paths, run_id, step)  # it waits for what will not come, and keeps the lock
                raise
        if cancelled and cancelled():
            kill(paths, run_id, step)
        if not djd_lock.alive(read_json(pidfile)) and not os.path.exists(result):
            write_json(result, _KILLED, 0o600)
        _reap()
        # Looking takes processor time from the step: of a long one it is done more rarely, and known a fiftieth later at most.
        time.sleep(min(0.1, max(0.01, (time.monotonic() - begun) / 50)))
    _reap()
    if not done:
        return None, offset
    offset = djd_step_log.rest(log, offset, emit)
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
        file.seek(max(0, os.fstat(file.fileno()).st_size - djd_step_log.TAIL))
        applying = re.findall(rb"^[ \t]{0,9}Applying (\S{1,300}?)\.\.\.(?!.*\bOK\b)", file.read(djd_step_log.TAIL), re.M)
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
        djd_lock.signal_group(paths, record["pid"], signal.SIGTERM)


def _reap():
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def _start(paths, log, result, pidfile, argv, env, cwd, keep_lock, gives_way, other):
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
        answer = _supervise(paths, argv, env, cwd, keep_lock, gives_way, other)
        djd_step_log.end_line(log)
        write_json(result, answer, 0o600)
    except BaseException as error:  # the wrapper must leave a result whatever happens
        try:
            os.write(2, ("%s: %s\n" % (type(error).__name__, error)).encode())
            write_json(result, {"code": 127, "signal": None, "ms": 0}, 0o600)
        except BaseException:
            pass
    finally:
        os._exit(0)


def _supervise(paths, argv, env, cwd, keep_lock, gives_way, other):
    begun = time.monotonic()
    stopped = []  # the moments at which an end was asked for
    signal.signal(signal.SIGTERM, lambda *_: stopped.append(time.monotonic()))
    pass_fds = (djd_lock.held,) if keep_lock and djd_lock.held is not None else ()
    output = djd_output.Output(1)
    modest = {"stdout": output.end, "stderr": output.end}
    if gives_way:
        modest["preexec_fn"] = djd_manners.give_way
    argv = djd_manners.modest(argv) if gives_way else argv
    if other:
        spec = {"argv": argv, "env": env, "cwd": cwd, "patience": PATIENCE}
        program = sys.modules["__main__"].SOURCES["djd_leftovers"] + OTHER_SIDE
        argv = djd_as_user.argv(paths, "/usr/bin/python3", "-I", "-S", "-c", program)
        process = subprocess.Popen(argv, cwd="/", stdin=subprocess.PIPE, close_fds=True, pass_fds=pass_fds, **modest)
        data = marshal.dumps(spec, 2)  # a form that every Python 3 reads
        _tell(process, b"%08d" % len(data) + data)
    else:
        djd_leftovers.adopt()
        process = subprocess.Popen(
            argv, env=env, cwd=cwd, stdin=subprocess.DEVNULL, close_fds=True, pass_fds=pass_fds, **modest
        )
    output.begin()
    settled = not gives_way
    ended = _watch(process.pid)
    told, look_at = False, 0.0
    while True:
        if other:
            _go_on()
        settled = settled or djd_manners.give_way_as_group(os.getpid() if other else process.pid)
        code = _wait(process, ended, 0.5 if settled else 0.1)
        if code is not None:
            break
        if time.monotonic() > look_at:  # it costs as much as a look at every process
            look_at = time.monotonic() + 1
            gone = other and djd_leftovers.has_ended_below(process.pid) or djd_leftovers.has_ended(process.pid)
            if djd_leftovers.is_kept(process.pid, gone):
                code = 125
                break
        if stopped and other and not told:
            told = True
            _tell(process, b"TERM\n")
        late = time.monotonic() - stopped[0] - PATIENCE if stopped else 0
        if late > 0 and not other:
            process.kill()
        if late > PATIENCE and other:  # it does not do what it is told: what it is does not keep us
            djd_as_user.kill_below(paths, process.pid)
            output.finish()
            return _KILLED
    left = [] if other else djd_leftovers.end()
    output.finish()
    if left:
        djd_output.put(2, djd_leftovers.said(left).encode())
    if code == 125 and process.returncode is None:
        djd_output.put(2, djd_leftovers.HELD.encode())
    if stopped and code == 0:
        code = -signal.SIGTERM
    name = signal.Signals(-code).name[3:] if code < 0 else None
    return {
        "code": None if code < 0 else code,
        "signal": name,
        "ms": int((time.monotonic() - begun) * 1000),
    }


def _go_on():
    """What the other user's code stopped goes on, and sudo, which stops with it: within a session that is anybody's to say."""
    try:
        os.killpg(0, signal.SIGCONT)
    except OSError:
        pass


def _tell(process, text):
    try:
        process.stdin.write(text)
        process.stdin.flush()
    except OSError:
        pass  # it has ended


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
