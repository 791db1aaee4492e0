"""Paths that outlive a release: each becomes a link into shared/ (or to a place the configuration names).

What a release ships at such a path is never put over what is there: it only fills what is missing.
"""
import filecmp
import os
import shutil

# Below a release: what it shipped where a link of ours stands now.
ASIDE = os.path.join(".djdeploy", "shipped")


def keep(site, release, path, target=None, directory=False):
    """Makes RELEASE/path a link to the kept place. Returns a note for people, or None when nothing was remarkable.

    What the release shipped at the path is put aside, unchanged: the next release is made from it (djd_upload.py).
    """
    note = make_place(site, release, path, target, directory)
    lead(site, release, path, target)
    return note


def make_place(site, release, path, target=None, directory=False):
    """The first half, done by whose the kept place is: it is there, with what the release ships and it lacked."""
    place, full = _place(site, path, target), os.path.join(release, path)
    if os.path.isdir(full) and not os.path.islink(full):
        return merge(full, place, path)
    if os.path.isfile(full) and not os.path.islink(full):
        return fill(full, place, path)
    if not os.path.lexists(place):
        os.makedirs(place if directory else os.path.dirname(place), exist_ok=True)
    return None


def lead(site, release, path, target):
    """The second half, done by whose the release is: the link, in the place of what was shipped.

    No link on the way is followed: one that leads into shared/ is another user's to change.
    """
    place, full = _place(site, path, target), os.path.join(release, path)
    to = os.path.relpath(place, os.path.dirname(full)) if target is None else place
    name = os.path.basename(path)
    folder = _folder(release, os.path.dirname(path))
    try:
        try:
            if os.readlink(name, dir_fd=folder) == to:
                return
        except OSError:
            pass
        try:
            os.lstat(name, dir_fd=folder)
        except FileNotFoundError:
            pass
        else:
            put_aside(release, path, folder)
        os.symlink(to, name, dir_fd=folder)
    finally:
        os.close(folder)


def _folder(release, path):
    """A descriptor of a folder below the release, made where it is missing."""
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
    handle = os.open(release, flags)
    for part in path.split("/") if path else []:
        try:
            try:
                os.mkdir(part, dir_fd=handle)
            except FileExistsError:
                pass
            handle, above = os.open(part, flags, dir_fd=handle), handle
        except OSError:
            os.close(handle)
            raise
        os.close(above)
    return handle


def _place(site, path, target):
    return os.path.join(site, "shared", path) if target is None else target


def merge(full, place, path):
    """Copies what the kept folder does not have; what it has wins. (A file that took its place wins as a whole.)"""
    if os.path.lexists(place) and not os.path.isdir(place):
        return "%s is no folder: what the release ships as %s is left out" % (place, path)
    new, stays = 0, []
    for folder, names, files in os.walk(full):
        there = os.path.normpath(os.path.join(place, os.path.relpath(folder, full)))
        links = [name for name in names if os.path.islink(os.path.join(folder, name))]
        for name in files + links:
            source, goal = os.path.join(folder, name), os.path.join(there, name)
            if not os.path.lexists(goal) and _is_folder(there, place):
                os.makedirs(there, exist_ok=True)
                shutil.copy2(source, goal + ".djd-new", follow_symlinks=False)
                os.rename(goal + ".djd-new", goal)
                new += 1
            elif not _same(source, goal):
                stays.append(os.path.join(path, os.path.relpath(goal, place)))
    said = ["%d of its files were added to %s" % (new, place)] if new else []
    if stays:
        more = ", …" if len(stays) > 3 else ""
        said.append("%d differ from what is there, which stays: %s%s" % (len(stays), ", ".join(sorted(stays)[:3]), more))
    return "%s is in the repository: %s" % (path, "; ".join(said)) if said else None


def fill(full, place, path):
    if not os.path.lexists(place):
        os.makedirs(os.path.dirname(place), exist_ok=True)
        shutil.copy2(full, place + ".new")
        os.rename(place + ".new", place)
        return "%s is in the repository: it was copied to %s, which is used from now on" % (path, place)
    return None if _same(full, place) else "%s is in the repository, and differs from %s, which stays" % (path, place)


def put_aside(release, path, folder):
    """folder: a descriptor of where it lies."""
    aside = os.path.join(release, ASIDE, path)
    if os.path.lexists(aside):
        shutil.rmtree(aside) if os.path.isdir(aside) and not os.path.islink(aside) else os.unlink(aside)
    os.makedirs(os.path.dirname(aside), exist_ok=True)
    os.rename(os.path.basename(path), aside, src_dir_fd=folder)


def _is_folder(there, place):
    """Whether files can be put there: no component below the kept place is a file, or a link that leads elsewhere."""
    while there != place:
        if os.path.islink(there) or (os.path.lexists(there) and not os.path.isdir(there)):
            return False
        there = os.path.dirname(there)
    return True


def _same(one, other):
    if os.path.islink(one) or os.path.islink(other):
        return os.path.islink(one) and os.path.islink(other) and os.readlink(one) == os.readlink(other)
    return os.path.isfile(one) and os.path.isfile(other) and filecmp.cmp(one, other, shallow=False)


def to_keep(release, path):
    """Where in the release that lies which is opened at a path; None = elsewhere, as behind a link to what is kept already:
    by its name it would be taken for the release's own, and moved away from where it is kept."""
    return inside(os.path.realpath(release), os.path.realpath(path))


def inside(release, path):
    """The path relative to the release, or None when it lies elsewhere. Links in it are not followed."""
    full = os.path.normpath(path)
    prefix = os.path.normpath(release) + os.sep
    return full[len(prefix):] if full.startswith(prefix) else None
