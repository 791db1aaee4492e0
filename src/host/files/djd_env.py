"""The environment of releases: stored secrets, and one file per version that a release points at.

Order, low to high: the host's store, env.vars, what this run was given. Files are 0600 in a folder
that is 0700; where another user runs it, that one may read the versions and not the store.
"""
import hashlib
import os
import secrets as random
import time

from djd_paths import Refused, read_json, write_json

# Characters that the runner is given to hide: an answer that is too large for it would end the run.
MOST = 4_000_000


def load(paths):
    """{name: {"value", "at", "by"}}"""
    return read_json(paths.store, {})


def save(paths, store):
    os.makedirs(paths.env, mode=0o700, exist_ok=True)
    write_json(paths.store, store, 0o600)


def value_hash(value):
    return hashlib.sha256(value.encode()).hexdigest()


def compose(paths, required, plain, given):
    """(values, missing names). A missing name is one of `required` that nobody gave; empty counts as not given."""
    values = {name: row["value"] for name, row in load(paths).items()}
    values.update(plain)
    values.update({name: value for name, value in given.items() if value != ""})
    missing = [name for name in required if not values.get(name)]
    for name, value in values.items():
        if "\0" in value:
            raise Refused("env.nul", "the value of %s holds a NUL byte" % name)
    return values, missing


def fingerprint(values):
    text = "".join("%s\0%s\0" % (name, values[name]) for name in sorted(values))
    return hashlib.sha256(text.encode()).hexdigest()


def write_version(paths, version, values, plain, given):
    """Writes one version. `vars` and `given` names are kept beside the values: a rollback takes vars from here."""
    os.makedirs(paths.env, mode=0o700, exist_ok=True)
    record = {"values": values, "vars": plain, "given": sorted(name for name in given if given[name] != "")}
    write_json(paths.env_version(version), record, paths.handed(0o600))
    return {"version": version, "fingerprint": fingerprint(values), "names": sorted(values)}


def remember(paths, version, by):
    """After a release is live, what its run was given becomes the host's stored value."""
    record = read_json(paths.env_version(version))
    if not record or not record["given"]:
        return
    store = load(paths)
    for name in record["given"]:
        value = record["values"][name]
        if store.get(name, {}).get("value") != value:
            store[name] = {"value": value, "at": time.time(), "by": by}
    save(paths, store)


def _versions(paths):
    """The records of all versions that are kept. Whatever else lies there is none, and must not hold a deploy up."""
    if not os.access(paths.env, os.R_OK):
        return
    with os.scandir(paths.env) as entries:
        for entry in entries:
            if entry.path != paths.store and entry.name.endswith(".json") and entry.is_file(follow_symlinks=False):
                record = read_json(entry.path)
                if isinstance(record, dict) and isinstance(record.get("values"), dict):
                    yield record


def secret_values(paths):
    """All that is stored, and all that a kept release was given besides its vars: also what a secret was before."""
    found = {row["value"] for row in load(paths).values()}
    for record in _versions(paths):
        found.update(value for name, value in record["values"].items() if value and name not in record["vars"])
    found.discard("")
    values, size = [], 0
    for value in sorted(found, key=lambda value: (len(value), value)):
        size += len(value)
        if size > MOST:
            break
        values.append(value)
    return {"values": values, "left": len(found) - len(values)}


def listing(paths):
    store = load(paths)
    return [
        {"name": name, "at": store[name]["at"], "by": store[name]["by"], "hash": value_hash(store[name]["value"])[:8]}
        for name in sorted(store)
    ]


def change(paths, put, drop, generate, by):
    """put: {name: value}; drop: [name]; generate: [name] get a new random value that never leaves the host."""
    store = load(paths)
    for name in drop:
        store.pop(name, None)
    for name in generate:
        put[name] = random.token_urlsafe(50)
    for name, value in put.items():
        if "\0" in value:
            raise Refused("env.nul", "the value of %s holds a NUL byte" % name)
        store[name] = {"value": value, "at": time.time(), "by": by}
    save(paths, store)
    return listing(paths)
