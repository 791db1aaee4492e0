"""Stands between sshd and djdeploy's agent on a lab host, and holds one request until it is told to go on.

Neither the runner nor the agent knows: the test acts on the host at exactly that moment. /run/gate/rule says which one:
{"op", "step", "nth", "when": "before" (the agent has not seen it) | "after" (it is done, the runner does not know)}.
Whoever reads the pipe `reached` learns the pid of sshd's session; a line into the pipe `go` opens the gate, once.
With {"cut": true} it holds nothing: it ends sshd's session at each operation once, in turn before and after it is done.
"""
import json
import os
import select
import signal
import subprocess
import sys
import threading

FOLDER = "/run/gate"
with open(FOLDER + "/rule") as file:
    RULE = json.load(file)
parent = os.getppid()
agent = subprocess.Popen(["/usr/bin/python3", *sys.argv[1:]], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
held_id = None
seen = 0


def hold():
    """True: the gate was opened. False: the session ended meanwhile."""
    try:
        os.close(os.open(FOLDER + "/fired", os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return True
    with open(FOLDER + "/reached", "w") as file:
        file.write("%d\n" % parent)
    go = os.open(FOLDER + "/go", os.O_RDONLY | os.O_NONBLOCK)
    while os.getppid() == parent:
        if select.select([go], [], [], 0.02)[0] and os.read(go, 10):
            return True
    return False


def cut():
    os.kill(parent, signal.SIGKILL)
    leave()


def first(request):
    """Whether an operation comes by for the first time; how many others did."""
    name = "%s.%s" % (request["op"], (request.get("args") or {}).get("step", ""))
    before = os.listdir(FOLDER)
    try:
        os.close(os.open(os.path.join(FOLDER, "cut." + name), os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return False, 0
    return True, sum(one.startswith("cut.") for one in before)


def wanted(request):
    global seen
    args = request.get("args") or {}
    if request.get("op") != RULE["op"] or RULE.get("step") not in (None, args.get("step")):
        return False
    seen += 1
    return seen == RULE.get("nth", 1)


def read(stream, count):
    data = b""
    while len(data) < count:
        piece = stream.read(count - len(data))
        if not piece:
            leave()
        data += piece
    return data


def leave():
    agent.stdin.close()
    os._exit(agent.wait())


def answers():
    for line in agent.stdout:
        message = json.loads(line) if line.strip() else {}  # before its greeting
        if held_id is not None and message.get("id") == held_id and "log" not in message:
            if RULE.get("cut"):
                cut()
            if not hold():
                leave()
        sys.stdout.buffer.write(line)
        sys.stdout.buffer.flush()
    os._exit(agent.wait())


threading.Thread(target=answers, daemon=True).start()
head = read(sys.stdin.buffer, 12)
agent.stdin.write(head + read(sys.stdin.buffer, int(head)))
agent.stdin.flush()
try:
    for line in sys.stdin.buffer:
        request = json.loads(line)
        blob = read(sys.stdin.buffer, request.get("blob", 0))
        if RULE.get("cut"):
            new, others = first(request) if "id" in request else (False, 0)
            if new and (others + RULE["turn"]) % 2:
                held_id = request["id"]
            elif new:
                cut()
        elif wanted(request):
            if RULE["when"] == "after":
                held_id = request["id"]
            elif not hold():
                leave()
        agent.stdin.write(line + blob)
        agent.stdin.flush()
except BrokenPipeError:
    pass
leave()
