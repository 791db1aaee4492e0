"""What the application's user makes for the agent: work/RELEASE, where steps leave things, and sockets. Called as that user."""
import os

from djd_paths import read_json

# Characters of an answer: settings, checks and migrations of a very large project.
LONGEST = 8 << 20


def handed(paths, release, name):
    """The JSON in a file of work/RELEASE; None where it is none."""
    file = os.path.join(paths.work, release, name)
    if not os.path.isfile(file) or os.path.getsize(file) > LONGEST:
        return None
    return read_json(file)


def drop(paths, release):
    """Removes what a step left."""
    place = os.path.join(paths.work, os.path.basename(release))
    if os.path.isdir(place) and not os.path.islink(place):
        import shutil  # it imports much, and mostly nothing is there

        shutil.rmtree(place, ignore_errors=True)
    elif os.path.lexists(place):
        os.unlink(place)


def drop_others(paths, names):
    for name in os.listdir(paths.work) if os.path.isdir(paths.work) else []:
        if name not in names:
            drop(paths, name)


def unlink_socket(paths, slot):
    path = os.path.join(paths.sockets, slot + ".sock")
    if os.path.lexists(path):
        os.unlink(path)
