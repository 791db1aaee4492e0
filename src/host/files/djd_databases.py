"""Which databases a release opens, as each connection itself says, and which of them are migrated.

The same text runs in the new release (djd_inspect.py) and, sent by the agent (djd_applied.py), in the live one: what both
say is compared. Reads, and changes nothing: an SQLite file that is not there is not made. No password is part of it.
"""
import importlib
import json
import os
import urllib.parse

PATIENCE = 15  # seconds that a server may take to accept a connection
MOST = 5000  # names of tables


def sqlite_file(name):
    """The path in the NAME of an SQLite database, which may be a URI (https://www.sqlite.org/uri.html); None = in memory."""
    if not name.startswith("file:"):
        return name if name not in ("", ":memory:") else None
    uri = urllib.parse.urlsplit(name)
    asked = urllib.parse.parse_qs(uri.query)
    path = urllib.parse.unquote(uri.path)
    return path if path not in ("", ":memory:") and "memory" not in asked.get("mode", []) else None


def is_sqlite(engine):
    """By what the engine itself says: SpatiaLite, and any wrapper of a package, opens a file as well."""
    if engine.endswith("sqlite3"):
        return True
    try:
        return importlib.import_module(engine + ".base").DatabaseWrapper.vendor == "sqlite"
    except Exception:
        return False  # django.setup() says why it does not load


def opened(connections):
    """{alias: what ask() says} of every database of the settings; those without an engine are left out."""
    found = {}
    for alias in connections:
        if str(connections.settings[alias].get("ENGINE") or "").rsplit(".", 1)[-1] not in ("", "dummy"):
            found[alias] = ask(connections, alias)
    return found


def ask(connections, alias):
    """{"engine", "identity", "unknown", "readOnly", "tables", "applied": [[app, name]] or None}.

    identity: what tells this database from any other (docs/release.md), or None; then `unknown` says why. applied: None
    where no table of migrations is there.
    """
    answer = {"identity": None, "unknown": None, "readOnly": False, "tables": [], "applied": None}
    answer["engine"] = str(connections.settings[alias].get("ENGINE"))
    try:
        connection = connections[alias]
        if connection.vendor in ("postgresql", "mysql"):
            connection.settings_dict.setdefault("OPTIONS", {}).setdefault("connect_timeout", PATIENCE)
        if connection.vendor == "sqlite":
            answer.update(of_file(connection))
            if not answer["identity"].get("id"):
                return answer  # to look into it would make it
        with connection.cursor() as cursor:
            if connection.vendor in SERVERS:
                answer.update(SERVERS[connection.vendor](cursor))
            elif answer["identity"] is None:
                answer["unknown"] = "%s is an engine that is not known" % connection.vendor
            answer["tables"] = sorted(connection.introspection.table_names(cursor))[:MOST]
            if "django_migrations" in answer["tables"]:
                cursor.execute("SELECT app, name FROM django_migrations")
                answer["applied"] = [list(row) for row in cursor.fetchall()]
    except Exception as error:
        lines = str(error).strip().splitlines() or [""]
        answer["unknown"] = ("%s: %s" % (type(error).__name__, lines[0]))[:300]
    return answer


def of_file(connection):
    name = sqlite_file(os.fspath(connection.settings_dict["NAME"] or ""))
    if name is None:
        return {"identity": {"kind": "memory"}}
    path = os.path.realpath(name)  # relative to the working folder, as SQLite takes it
    try:
        seen = os.stat(path)
    except OSError:
        return {"identity": {"kind": "file", "file": path}}
    identity = {"kind": "file", "file": path, "id": "%d:%d" % (seen.st_dev, seen.st_ino)}
    return {"identity": identity, "readOnly": not os.access(path, os.W_OK)}


def of_postgresql(cursor):
    cursor.execute(
        "SELECT current_database(), current_schema(), current_user, host(inet_server_addr()), inet_server_port(),"
        " pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on'"
    )
    database, schema, user, address, port, read_only = cursor.fetchone()
    system = value(cursor, "SELECT system_identifier FROM pg_control_system()")
    server = "%s:%s" % (address, port) if address else None
    identity = {"kind": "postgresql", "system": system, "server": server, "database": database, "schema": schema, "user": user}
    return {"identity": identity, "readOnly": bool(read_only)}


def of_mysql(cursor):
    cursor.execute("SELECT DATABASE(), CURRENT_USER(), @@hostname, @@port, @@read_only")
    database, user, host, port, read_only = cursor.fetchone()
    identity = {
        "kind": "mysql",
        "system": value(cursor, "SELECT @@server_uuid") or value(cursor, "SELECT @@server_uid"),  # MariaDB's
        "server": "%s:%s" % (host, port),
        "database": database,
        "user": str(user).rsplit("@", 1)[0],
    }
    return {"identity": identity, "readOnly": bool(read_only)}


SERVERS = {"postgresql": of_postgresql, "mysql": of_mysql}


def value(cursor, question):
    """What not every server knows, or tells every user."""
    try:
        cursor.execute(question)
        return str(cursor.fetchone()[0])
    except Exception:
        return None


def choose(connections, found, wanted, own):
    """Says of each alias whether it is migrated: {alias: None, or why it is left alone}. Needs django.setup().

    wanted: the aliases that the configuration names, or None. own: (app, name) of the migrations that are the project's.
    """
    left = {}
    for alias in sorted(found, key=lambda alias: alias != "default"):
        row = found[alias]
        if wanted is not None:
            left[alias] = None if alias in wanted else "database.aliases does not name it"
            continue
        if alias == "default":
            left[alias] = None
            continue
        same = [other for other in left if left[other] is None and is_same(found[other]["identity"], row["identity"])]
        mirror = (connections.settings[alias].get("TEST") or {}).get("MIRROR")
        claimed = is_claimed(alias)
        if same:
            left[alias] = "it is the database of %s" % same[0]
        elif mirror:
            left[alias] = "it is a mirror of %s" % mirror
        elif row["readOnly"]:
            left[alias] = "it is read-only"
        elif claimed:
            left[alias] = None
        elif row["unknown"] and row["identity"] is None:
            left[alias] = "no router claims it, and it does not answer: %s" % row["unknown"]
        elif row["applied"] is None:
            left[alias] = "no router claims it, and it holds no django_migrations"
        elif own and not own & {tuple(one) for one in row["applied"]}:
            left[alias] = "no router claims it, and the migrations in it are not this project's"
        else:
            left[alias] = None
    return left


def is_same(one, other):
    """Whether two aliases open one database. By which user, and by which of the server's addresses, does not matter."""
    if not one or not other or one["kind"] != other["kind"]:
        return False
    if one["kind"] == "file":
        return one == other
    if one.get("database") != other.get("database") or one.get("schema") != other.get("schema"):
        return False
    for mark in ("system", "server"):
        if one.get(mark) and other.get(mark):
            return one[mark] == other[mark]
    return False


def is_claimed(alias):
    """Whether a router says in so many words that a table of some model belongs there: Django's own default is yes."""
    from django.apps import apps
    from django.db import router

    asked = [one.allow_migrate for one in router.routers if hasattr(one, "allow_migrate")]
    for model in apps.get_models(include_auto_created=True) if asked else []:
        if not model._meta.managed or model._meta.proxy:
            continue
        for allows in asked:
            answer = allows(alias, model._meta.app_label, model_name=model._meta.model_name, model=model)
            if answer is not None:
                if answer:
                    return True
                break
    return False


def tell():
    """For a release that is asked from outside: one line of JSON behind whatever the project prints."""
    from django.db import connections

    found = opened(connections)
    default = found.get("default", {})
    print("\n" + json.dumps({"engine": default.get("engine", ""), "applied": default.get("applied") or [], "databases": found}))
