"""The layout of an application's folder and the three ways to write in it so that a reader never sees half a file."""
import _thread
import json
import os
import re
import stat

# Stands where a text was cut: half a secret value may stand beside it, and the runner hides that too.
CUT = "[…]"


def head(text, most):
    return text if len(text) <= most else text[:most] + CUT


def tail(text, most):
    return text if len(text) <= most else CUT + text[-most:]


class Refused(Exception):
    """An answer of the host that is no crash: a stable code, one sentence, and data for the report."""

    def __init__(self, code, message, **data):
        super().__init__(message)
        self.code, self.data = code, data


class Paths:
    def __init__(self, root):
        self.root = root
        for name in ("releases", "venvs", "shared", "env", "slots", "run", "bin"):
            setattr(self, name, os.path.join(root, name))
        self.own = os.path.join(root, ".djdeploy")
        self.look()

    def look(self):
        """What differs between layouts, by the record that is there now."""
        root = self.root
        # Root's record lies in a folder that only root writes. Without root (scope: user) all of it is the user's own.
        self.owner = os.path.join(root, "owner.json")
        rooted = os.path.lexists(self.owner)
        if not rooted:
            self.owner = os.path.join(self.own, "owner.json")
        self.current = os.path.join(self.slots if rooted else root, "current")
        # The user that it runs as, where another one deploys: only root can say so.
        record = read_json(self.owner, {}) if rooted else {}
        self.runner = record["user"] if record.get("deployer", record.get("user")) != record.get("user") else None
        self.as_user = record.get("as")
        # What the running user makes (sockets), or leaves for us (work), lies apart from what it is not to change.
        self.sockets = os.path.join(root, "sockets") if self.runner else self.run
        self.work = os.path.join(root, "work") if self.runner else None
        self.web = os.path.join(self.run, "web.sock")
        self.back = os.path.join(self.run, "back.sock")
        # Where nginx finds each release's collected files; None where it walks to the release itself.
        self.public = os.path.join(root, "public", "static") if rooted else None
        self.static = os.path.join(self.public, "hashed") if rooted else os.path.join(self.shared, "static")
        self.store = os.path.join(self.env, "store.json")

    def volumes(self):
        """A folder on each file system that the application lies on: any of its folders may be a mount of its own."""
        found = {}
        for folder in (self.root, self.releases, self.venvs, self.shared, self.env, self.slots, self.run, self.own):
            if os.path.isdir(folder):
                found.setdefault(os.stat(folder).st_dev, folder)
        return list(found.values())

    def to_current(self, release):
        """What `current` says to name a release."""
        return os.path.relpath(self.release(release), os.path.dirname(self.current))

    def release(self, name):
        return os.path.join(self.releases, name)

    def manifest(self, name):
        return os.path.join(self.releases, name, ".djdeploy", "manifest.json")

    def slot(self, slot):
        return os.path.join(self.slots, slot)

    def socket(self, slot):
        """Where a slot listens. One that was started before setup moved the host stays in run/ until it is retired."""
        if self.runner and is_socket(self.door(slot)):
            return self.door(slot)
        return os.path.join(self.sockets, slot + ".sock")

    def door(self, slot):
        """What `run/web.sock` names: the socket itself, or our link to where the running user makes it."""
        return os.path.join(self.run, slot + ".sock")

    def handed(self, private):
        """The mode of a file that the running user reads besides us, `private` where that is the same."""
        return 0o640 if self.runner else private

    def started(self, slot):
        """Says that a reboot may start the slot, by the boot that it was started in."""
        return os.path.join(self.run, slot + ".boot")

    def left(self, slot):
        """Is there while the slot's workers leave new connections to the other slot."""
        return os.path.join(self.run, slot + ".left")

    def env_version(self, version):
        return os.path.join(self.env, version + ".json")

    def runs(self, run):
        return os.path.join(self.own, "runs", run)


def is_socket(path):
    """Itself, not what a link leads to."""
    try:
        return stat.S_ISSOCK(os.lstat(path).st_mode)
    except OSError:
        return False


def read_json(path, default=None):
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except (FileNotFoundError, NotADirectoryError, ValueError, RecursionError):
        return default


def _beside(path, kind):
    """A name that no other thread or process writes; drop_unfinished knows by its end whose it was."""
    return "%s.%x.%d.%s" % (path, _thread.get_ident(), os.getpid(), kind)


def write_file(path, data, mode=0o644):
    """Atomic and durable: a private temporary file in the same folder, synced, renamed."""
    temporary = _beside(path, "tmp")
    try:
        os.unlink(temporary)
    except FileNotFoundError:
        pass
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(handle, "wb") as file:
            os.fchmod(file.fileno(), mode)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.rename(temporary, path)
    except BaseException:
        if os.path.exists(temporary):
            os.unlink(temporary)
        raise


def drop_unfinished(folder):
    """Removes what a process that was ended in write_file or replace_link left in a folder."""
    for name in os.listdir(folder) if os.path.isdir(folder) else []:
        writer = re.search(r"\.(\d+)\.(tmp|new)$", name)
        if writer and not os.path.exists("/proc/" + writer.group(1)):
            os.unlink(os.path.join(folder, name))


def write_json(path, value, mode=0o644):
    write_file(path, json.dumps(value, indent=1, sort_keys=True).encode() + b"\n", mode)


def append_line(path, value):
    with open(path, "a", encoding="utf-8") as file:
        file.write(json.dumps(value, sort_keys=True) + "\n")
        file.flush()
        os.fsync(file.fileno())


def replace_link(path, target):
    """Points a link elsewhere by one rename and reads it back: never a moment without a link (ln -sfn is not that)."""
    if read_link(path) == target:
        return  # also where nothing may be written any more: it is as it should be
    temporary = _beside(path, "new")
    try:
        os.unlink(temporary)
    except FileNotFoundError:
        pass
    os.symlink(target, temporary)
    os.rename(temporary, path)
    if os.readlink(path) != target:
        raise Refused("host.link", "%s does not name %s after the rename" % (path, target))


def read_link(path):
    try:
        return os.readlink(path)
    except OSError:
        return None
