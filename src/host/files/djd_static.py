"""Static files that outlive a release.

collectstatic runs into the release's own fresh folder. Hashed files (the values of the storage's manifest) are then
hard-linked into shared/static, where the web server finds what an older page still names; those of kept releases are
linked into the new tree too, for servers like WhiteNoise that know only one folder.
"""
import errno
import json
import os
import shutil

MANIFEST = "staticfiles.json"


def tree(paths, release):
    """Absolute path of a release's collected files, or None."""
    link = os.path.join(paths.release(release), ".djdeploy", "static")
    return os.path.realpath(link) if os.path.isdir(link) else None


def hashed(folder):
    """Relative paths of hashed files by the storage's manifest; empty for storages without one."""
    try:
        with open(os.path.join(folder, MANIFEST), encoding="utf-8") as file:
            return sorted(set(json.load(file).get("paths", {}).values()))
    except (OSError, ValueError):
        return []


def _link(source, target):
    """Links a file and its compressed forms; what is there already stays (the name holds the content's hash)."""
    count = 0
    for ending in ("", ".gz", ".br"):
        if os.path.isfile(source + ending) and not os.path.lexists(target + ending):
            os.makedirs(os.path.dirname(target), exist_ok=True)
            try:
                os.link(source + ending, target + ending)
            except OSError as error:
                if error.errno not in (errno.EXDEV, errno.EPERM, errno.EMLINK):
                    raise
                # releases/ and shared/ on file systems of their own, or one without hard links.
                shutil.copy2(source + ending, target + ending + ".new")
                os.rename(target + ending + ".new", target + ending)
            count += 1
    return count


def share(paths, release, kept):
    """After collectstatic: the new hashed files to the shared tree, those of kept releases into the new tree."""
    folder = tree(paths, release)
    if not folder:
        return {"shared": 0, "kept": 0}
    shared = sum(_link(os.path.join(folder, name), os.path.join(paths.static, name)) for name in hashed(folder))
    older = 0
    for other in kept:
        source = tree(paths, other)
        if source and other != release:
            older += sum(_link(os.path.join(source, name), os.path.join(folder, name)) for name in hashed(source))
    return {"shared": shared, "kept": older}


def prune(paths, kept):
    """Removes hashed files that no kept release names. Judged by reference, never by age."""
    wanted = set()
    for release in kept:
        folder = tree(paths, release)
        if folder:
            wanted.update(hashed(folder))
    removed = 0
    for base, _folders, files in os.walk(paths.static):
        for name in files:
            full = os.path.join(base, name)
            relative = os.path.relpath(full, paths.static)
            plain = relative[:-3] if relative.endswith((".gz", ".br")) else relative
            if relative not in wanted and plain not in wanted:
                os.unlink(full)
                removed += 1
    return removed
