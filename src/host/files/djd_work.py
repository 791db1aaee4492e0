"""work/RELEASE: the folder in which what runs as the application's user leaves things for the agent. Called as that user."""
import os
import shutil

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
        shutil.rmtree(place, ignore_errors=True)
    elif os.path.lexists(place):
        os.unlink(place)


def drop_others(paths, names):
    for name in os.listdir(paths.work) if os.path.isdir(paths.work) else []:
        if name not in names:
            drop(paths, name)
