"""Paths that outlive a release: each becomes a link into shared/ (or to a place the configuration names).

What a release ships at such a path is never put over what is there: it only fills the place the first time.
"""
import os
import shutil
import urllib.parse


def keep(site, release, path, target=None, directory=False):
    """Makes RELEASE/path a link to the kept place. Returns a note for people, or None when nothing was remarkable."""
    made = fill(site, release, path, target, directory)
    lead(site, release, path, target, made["moved"])
    return made["note"]


def fill(site, release, path, target=None, directory=False):
    """The kept place, made where it is missing: {"note", "moved": a file of the release is there now}."""
    place = _place(site, path, target)
    full = os.path.join(release, path)
    if os.path.lexists(place):
        return {"note": None, "moved": False}
    if os.path.isdir(full) and not os.path.islink(full):
        shutil.copytree(full, place, symlinks=True)
        return {"note": "%s was filled from the release" % place, "moved": False}
    if os.path.isfile(full) and not os.path.islink(full):
        os.makedirs(os.path.dirname(place), exist_ok=True)
        shutil.copy2(full, place + ".new")
        os.rename(place + ".new", place)
        name = os.path.basename(path)
        return {"note": "%s was moved to %s (the shipped one is kept as %s.shipped)" % (path, place, name), "moved": True}
    os.makedirs(place if directory else os.path.dirname(place), exist_ok=True)
    return {"note": None, "moved": False}


def lead(site, release, path, target, moved):
    """The link of the release, in the place of what it ships there."""
    place = _place(site, path, target)
    full = os.path.join(release, path)
    to = os.path.relpath(place, os.path.dirname(full)) if target is None else place
    if os.path.islink(full):
        if os.readlink(full) == to:
            return
        os.unlink(full)
    elif os.path.isdir(full):
        shutil.rmtree(full)
    elif os.path.exists(full):
        if moved:
            shutil.copy2(full, full + ".shipped")
        os.unlink(full)
    os.makedirs(os.path.dirname(full), exist_ok=True)
    os.symlink(to, full)


def _place(site, path, target):
    return os.path.join(site, "shared", path) if target is None else target


def inside(release, path):
    """The path relative to the release, or None when it lies elsewhere. Links in it are not followed."""
    full = os.path.normpath(path)
    prefix = os.path.normpath(release) + os.sep
    return full[len(prefix):] if full.startswith(prefix) else None


def sqlite_file(name):
    """The path in the NAME of an SQLite database, which may be a URI (https://www.sqlite.org/uri.html); None = in memory."""
    if not name.startswith("file:"):
        return name if name not in ("", ":memory:") else None
    uri = urllib.parse.urlsplit(name)
    asked = urllib.parse.parse_qs(uri.query)
    path = urllib.parse.unquote(uri.path)
    return path if path not in ("", ":memory:") and "memory" not in asked.get("mode", []) else None
