"""Static files that outlive a release, and where the web server finds them.

collectstatic runs into the release's own fresh folder. That is hard-linked as public/static/RELEASE, the only place besides
media and sockets that nginx may enter; public/static/live names the live one. Hashed files (the values of the storage's manifest) are then
hard-linked into a shared tree, where the web server finds what an older page still names; those of kept releases are
linked into the new tree too, for servers like WhiteNoise that know only one folder.
"""
import errno
import json
import os
import shutil

from djd_paths import replace_link

MANIFEST = "staticfiles.json"
# Bytes of a manifest that are read: some hundred thousand names.
LARGEST = 64 << 20
LIVE = "live"
# A file, and what a server sends in its place to whoever takes it.
FORMS = ("", ".gz", ".br")


def tree(paths, release):
    """Absolute path of a release's collected files, or None."""
    link = os.path.join(paths.release(release), ".djdeploy", "static")
    return os.path.realpath(link) if os.path.isdir(link) else None


def hashed(folder):
    """Relative paths of hashed files by the storage's manifest; empty for storages without one."""
    try:
        with open(os.path.join(folder, MANIFEST), encoding="utf-8") as file:
            if os.fstat(file.fileno()).st_size > LARGEST:
                return []
            named = json.load(file).get("paths", {}).values()
    except (OSError, ValueError, RecursionError, AttributeError):
        return []
    # The project's own code wrote them: a name that leads out of the tree is none.
    return sorted({name for name in named if isinstance(name, str) and is_inside(name)})


def _stems(folder):
    return sorted({_stem(name) for name in hashed(folder)})


def is_inside(name):
    """Whether a relative path stays below where it begins, whatever it is joined to."""
    return name == os.path.normpath(name) and not name.startswith(("/", "../")) and name not in ("", ".", "..") and "\0" not in name


def _stem(name):
    """The file of which a name is a compressed form, or the name: all forms of a file come from one release."""
    while name.endswith(FORMS[1:]):
        name = name[:-3]
    return name


def _link(folder, top, name, replace):
    """Links a file of a folder and its compressed forms to top/name: all of them from there, or none.

    The project's own code named and wrote them, so a name does not prove a content. A release's own files are never
    exchanged for an older one's (replace: False); the shared tree has the newest release's (replace: True).
    """
    source, target = os.path.join(folder, name), os.path.join(top, name)
    # Most are there already, so that is looked at first.
    if not replace and any(os.path.lexists(target + form) for form in FORMS):
        return 0
    forms = [form for form in FORMS if os.path.isfile(source + form)]
    if not forms:
        return 0
    if not _way(top, name, replace):
        return 0
    # Beside the target and short: its own name may be as long as a name can be.
    new = os.path.join(os.path.dirname(target), ".%d.new" % os.getpid())
    count = 0
    for form in FORMS:
        if form not in forms:
            _clear(target + form)
            continue
        _clear(new)
        try:
            os.link(source + form, new)
        except OSError as error:
            if error.errno not in (errno.EXDEV, errno.EPERM, errno.EMLINK):
                raise
            # releases/ and shared/ on file systems of their own, or one without hard links.
            shutil.copy2(source + form, new)
        # Two names of one file: rename does nothing then, and leaves the first.
        if os.path.lexists(target + form) and os.path.samefile(new, target + form):
            os.unlink(new)
            continue
        count += not os.path.lexists(target + form)
        if os.path.isdir(target + form):
            _clear(target + form)
        os.rename(new, target + form)
    return count


def _clear(place):
    """Takes away what stands at a place, a folder too."""
    if os.path.isdir(place) and not os.path.islink(place):
        shutil.rmtree(place)
    elif os.path.lexists(place):
        os.unlink(place)


def _way(top, name, replace):
    """Makes the folders to top/name. What stands in the way is taken away, or False is the answer."""
    parts = name.split("/")
    for count in range(1, len(parts) + 1):
        place = os.path.join(top, *parts[:count])
        folder = os.path.isdir(place) and not os.path.islink(place)
        if count == len(parts):
            if folder and not replace:
                return False
            if folder:
                _clear(place)
        elif not folder:
            if os.path.lexists(place):
                if not replace:
                    return False
                os.unlink(place)
            os.mkdir(place)
    return True


def share(paths, release, kept):
    """After collectstatic: the new hashed files to the shared tree, those of kept releases into the new tree."""
    folder = tree(paths, release)
    if not folder:
        return {"shared": 0, "kept": 0}
    os.makedirs(paths.static, exist_ok=True)
    shared = sum(_link(folder, paths.static, name, True) for name in _stems(folder))
    older = 0
    for other in kept:
        source = tree(paths, other)
        if source and other != release:
            older += sum(_link(source, folder, name, False) for name in _stems(source))
    publish(paths, release)
    return {"shared": shared, "kept": older}


def publish(paths, release):
    """The release's tree to where nginx may enter, file by file the same inode; by one rename, so that it is whole."""
    folder = tree(paths, release)
    if not paths.public or not folder:
        return
    place, new = os.path.join(paths.public, release), os.path.join(paths.public, ".%s.%d.new" % (release, os.getpid()))
    _mirror(folder, new)
    if os.path.isdir(place):  # a step that was asked for again
        shutil.rmtree(place)
    os.rename(new, place)


def _mirror(folder, target):
    """Every file of a tree, also one that a link in it leads to; a link to a folder or to nothing is left out."""
    os.mkdir(target)
    for entry in os.scandir(folder):
        to = os.path.join(target, entry.name)
        if entry.is_dir(follow_symlinks=False):
            _mirror(entry.path, to)
        elif entry.is_file():
            _same(os.path.realpath(entry.path) if entry.is_symlink() else entry.path, to)


def _same(source, target):
    try:
        os.link(source, target)
    except OSError as error:
        if error.errno not in (errno.EXDEV, errno.EPERM, errno.EMLINK):
            raise
        shutil.copyfile(source, target)


def show(paths, release):
    """Names the tree that nginx looks in first."""
    if not paths.public:
        return
    if not os.path.isdir(os.path.join(paths.public, release)):
        publish(paths, release)
    replace_link(os.path.join(paths.public, LIVE), release)


def hide(paths):
    """No release is live: nginx finds hashed files only."""
    link = os.path.join(paths.public, LIVE) if paths.public else ""
    if os.path.lexists(link):
        os.unlink(link)


def drop(paths, release):
    """The tree of a release that is given up: its files would stay on the disk with it."""
    if paths.public:
        shutil.rmtree(os.path.join(paths.public, release), ignore_errors=True)


def prune(paths, kept):
    """Removes hashed files that no kept release names. Judged by reference, never by age."""
    wanted = set()
    for name in os.listdir(paths.public) if paths.public else []:
        full = os.path.join(paths.public, name)
        if os.path.isdir(full) and not os.path.islink(full) and name != "hashed" and name not in kept:
            shutil.rmtree(full, ignore_errors=True)
    for release in kept:
        folder = tree(paths, release)
        if folder:
            wanted.update(_stems(folder))
    removed = 0
    for base, _folders, files in os.walk(paths.static):
        for name in files:
            full = os.path.join(base, name)
            if _stem(full[len(paths.static) + 1:]) not in wanted:
                os.unlink(full)
                removed += 1
    return removed
