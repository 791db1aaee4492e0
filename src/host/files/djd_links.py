"""Paths that outlive a release: each becomes a link into shared/ (or to a place the configuration names).

What a release ships at such a path is never put over what is there: it only fills the place the first time.
"""
import os
import shutil


def keep(site, release, path, target=None, directory=False):
    """Makes RELEASE/path a link to the kept place. Returns a note for people, or None when nothing was remarkable."""
    place = os.path.join(site, "shared", path) if target is None else target
    full = os.path.join(release, path)
    note = None
    if not os.path.lexists(place):
        if os.path.isdir(full) and not os.path.islink(full):
            shutil.copytree(full, place, symlinks=True)
            note = "%s was filled from the release" % place
        elif os.path.isfile(full) and not os.path.islink(full):
            os.makedirs(os.path.dirname(place), exist_ok=True)
            shutil.copy2(full, place + ".new")
            os.rename(place + ".new", place)
            shutil.copy2(full, full + ".shipped")
            note = "%s was moved to %s (the shipped one is kept as %s.shipped)" % (path, place, os.path.basename(path))
        elif directory:
            os.makedirs(place)
        else:
            os.makedirs(os.path.dirname(place), exist_ok=True)
    to = os.path.relpath(place, os.path.dirname(full)) if target is None else place
    if os.path.islink(full):
        if os.readlink(full) == to:
            return note
        os.unlink(full)
    elif os.path.isdir(full):
        shutil.rmtree(full)
    elif os.path.exists(full):
        os.unlink(full)
    os.makedirs(os.path.dirname(full), exist_ok=True)
    os.symlink(to, full)
    return note


def inside(release, path):
    """The path relative to the release, or None when it lies elsewhere. Links in it are not followed."""
    full = os.path.normpath(path)
    prefix = os.path.normpath(release) + os.sep
    return full[len(prefix):] if full.startswith(prefix) else None
