"""A release's files: what did not change is copied on the host from the live release, the rest comes over the line.

Copied, never hard-linked (a write into a linked file would change the live release), and every copied file is hashed
on the way, so that what was changed by hand on the host does not travel on. Modification times are now, so that no
stale byte code fits.
"""
import hashlib
import json
import os
import re
import shutil
import zlib

from djd_links import ASIDE
from djd_paths import Refused, head, read_json, write_json

FILES = os.path.join(".djdeploy", "files.json")


def listing(paths, release):
    """[[path, kind, sha256, size]] of a release, kind: f (file), x (executable), l (link)."""
    return read_json(os.path.join(paths.release(release), FILES), [])


def digest(rows):
    """One hash over the whole list; the runner computes the same (src/host/upload.ts)."""
    text = "".join("%s\0%s\0%s\n" % (row[0], row[1], row[2]) for row in sorted(rows, key=lambda row: row[0].encode()))
    return hashlib.sha256(text.encode()).hexdigest()


def receive(paths, args, blob):
    """args: {release, base, removed: [path], changed: [row], digest, have: [sha256 of contents in the blob, in order]}.

    Returns {"ok": False, "need": [sha256], "byHand"} when contents are missing (byHand: so many files of the base were
    changed on the host), else {"bytes", "copied", "files"}.
    """
    release = args["release"]
    target = paths.release(release)
    gone = set(args["removed"]) | {row[0] for row in args["changed"]}
    kept = [row for row in (listing(paths, args["base"]) if args["base"] else []) if row[0] not in gone]
    rows = kept + args["changed"]
    if digest(rows) != args["digest"]:
        return {"ok": False, "need": ["*"]}
    _refuse_names(rows)
    os.makedirs(target, exist_ok=True)
    contents = _contents(args["have"], blob)
    need, made, by_hand = [], set(), 0
    for path, kind, sha, _size in args["changed"]:
        if kind == "l":
            _parent(target, path, made)
            _link(os.path.join(target, path), contents[sha].decode())
        elif sha in contents:
            _write(target, path, kind, contents[sha], made)
        else:
            need.append(sha)
    source = paths.release(args["base"]) if args["base"] else None
    for path, kind, sha, _size in kept:
        if not _copy(shipped(source, path), target, path, kind, sha, made):
            by_hand += not _is_linked(source, path, kind)
            if sha in contents:
                if kind == "l":
                    _link(os.path.join(target, path), contents[sha].decode())
                else:
                    _write(target, path, kind, contents[sha], made)
            else:
                need.append(sha)
    if need:
        return {"ok": False, "need": sorted(set(need)), "byHand": by_hand}
    os.makedirs(os.path.join(target, ".djdeploy"), exist_ok=True)
    write_json(os.path.join(target, FILES), rows)
    return {"bytes": len(blob), "copied": len(kept), "files": len(rows)}


# Our own programs come with the others; what the agent writes itself (files.json, launch.json, the token) never does.
OWN = re.compile(r"\.djdeploy/(launch|\w+\.(py|sh)|carry/sitecustomize\.py)$")


def _refuse_names(rows):
    """Nothing is written outside the release, into what is ours of it, or through one of its own links."""
    names = {row[0]: row[1] for row in rows}
    for path, kind in names.items():
        parts = path.split("/")
        above = ("/".join(parts[:count]) for count in range(1, len(parts)))
        ours = parts[0] == ".djdeploy" and (kind == "l" or not OWN.match(path))
        if kind not in ("f", "x", "l") or ours or not {"", ".", ".."}.isdisjoint(parts):
            raise Refused("upload.name", "%r is no name for a file of a release" % head(path, 200))
        if any(folder in names for folder in above):
            raise Refused("upload.name", "%r lies below a file or a link of the release" % head(path, 200))
    if len(names) != len(rows):
        raise Refused("upload.name", "a file of the release is named twice")


def shipped(release, path):
    """Where a file that a release shipped lies: put aside where a link of ours took its place."""
    aside = os.path.join(release, ASIDE, path)
    return aside if os.path.lexists(aside) else os.path.join(release, path)


def _is_linked(release, path, kind):
    """Whether a link of ours stands in the way to a file: a release ships links only at the end of a path."""
    names = path.split("/")
    steps = [os.path.join(release, *names[:count]) for count in range(1, len(names) + (kind != "l"))]
    return any(map(os.path.islink, steps))


def _contents(hashes, blob):
    """The blob: each content as LENGTH NEWLINE BYTES, all deflated as one."""
    data = zlib.decompress(blob) if blob else b""
    contents, at = {}, 0
    for sha in hashes:
        end = data.index(b"\n", at)
        size = int(data[at:end])
        piece = data[end + 1:end + 1 + size]
        if hashlib.sha256(piece).hexdigest() != sha:
            raise Refused("upload.damaged", "a file arrived with other contents than were sent", sha=sha)
        contents[sha] = piece
        at = end + 1 + size
    return contents


def _parent(target, path, made):
    folder = os.path.dirname(path)
    if folder not in made:
        os.makedirs(os.path.join(target, folder), exist_ok=True)
        made.add(folder)


def _link(path, to):
    if os.path.lexists(path):
        os.unlink(path)
    os.symlink(to, path)


def _open(target, path, kind):
    full = os.path.join(target, path)
    if os.path.lexists(full):
        os.unlink(full)
    handle = os.open(full, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o755 if kind == "x" else 0o644)
    os.fchmod(handle, 0o755 if kind == "x" else 0o644)  # whatever the umask
    return os.fdopen(handle, "wb")


def _write(target, path, kind, data, made):
    _parent(target, path, made)
    with _open(target, path, kind) as file:
        file.write(data)


def _copy(source, target, path, kind, sha, made):
    """Copies one file of the base if it still is what was shipped; False if not."""
    _parent(target, path, made)
    try:
        if kind == "l":
            to = os.readlink(source)
            if hashlib.sha256(to.encode()).hexdigest() != sha:
                return False
            _link(os.path.join(target, path), to)
            return True
        if os.path.islink(source):
            return False
        with open(source, "rb") as file:
            data = file.read()
    except OSError:
        return False
    if hashlib.sha256(data).hexdigest() != sha:
        return False
    with _open(target, path, kind) as file:
        file.write(data)
    return True


def remove(paths, release):
    """Deletes a release's folder; only ever a direct child of releases/."""
    folder = paths.release(os.path.basename(release))
    if os.path.isdir(folder):
        shutil.rmtree(folder)


def compact(paths, release):
    """The base's list as the runner needs it to send only changes: deflated JSON of [path, kind, sha256]."""
    return zlib.compress(json.dumps([row[:3] for row in listing(paths, release)]).encode())
