"""What only the release's own Django can answer, in one start of it and in its real environment.

    python djd_inspect.py ANSWER.json yes|manifest|no ALIASES [WORK TOLD]

Reads the effective settings, links the SQLite database and MEDIA_ROOT into shared/, runs the deployment checks, and
asks the databases which migrations are pending and whether the models find their tables. ALIASES: JSON, the databases
that are migrated; empty: those of djd_databases.choose(). The answer is JSON in a file; nothing is printed but the project's own
output. Passwords and keys are never part of it. `yes`: goes on with collectstatic, for Django is loaded already;
`manifest`: only where the storage looks files up in one.

WORK: this user may write nothing of the release. What is to be kept of it is asked for by a file there and done by the user
whose it is, who writes what there was to note into TOLD; static files are collected there.
"""
import json
import os
import shutil
import sys
import time
import traceback

own = os.path.dirname(os.path.abspath(__file__))
release = os.path.dirname(own)
site = os.path.dirname(os.path.dirname(release))
sys.path[0] = os.getcwd()
work, told = sys.argv[4:6] if len(sys.argv) > 4 else (None, None)


def failure(stage, error):
    frames = traceback.extract_tb(error.__traceback__)
    mine = [frame for frame in frames if frame.filename.startswith(release + os.sep) and "/.djdeploy/" not in frame.filename]
    where = None
    if isinstance(error, SyntaxError) and error.filename:
        where = "%s:%s" % (os.path.relpath(error.filename, release), error.lineno)
    elif mine:
        where = "%s:%d" % (os.path.relpath(mine[-1].filename, release), mine[-1].lineno)
    text = "".join(traceback.format_exception_only(type(error), error)).strip()
    if getattr(error, "djd_database", "default") != "default":
        text = "database %s: %s" % (error.djd_database, text)
    return {"stage": stage, "type": type(error).__name__, "message": text if len(text) <= 2000 else text[:2000] + "[…]", "where": where}


def helper(name):
    import importlib.util

    spec = importlib.util.spec_from_file_location(name, os.path.join(own, name + ".py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def settings_facts(settings):
    databases = {}
    for alias, row in settings.DATABASES.items():
        databases[alias] = {
            "engine": str(row.get("ENGINE", "")),
            "name": str(row.get("NAME", "")),
            "host": str(row.get("HOST", "") or ""),
            "port": str(row.get("PORT", "") or ""),
        }
    return {
        "debug": bool(settings.DEBUG),
        "allowedHosts": [str(host) for host in settings.ALLOWED_HOSTS],
        "staticUrl": str(settings.STATIC_URL) if settings.STATIC_URL else None,
        "mediaUrl": str(settings.MEDIA_URL) if settings.MEDIA_URL else None,
        "mediaRoot": str(settings.MEDIA_ROOT) if settings.MEDIA_ROOT else None,
        "mediaIsCode": bool(settings.MEDIA_ROOT) and is_code(str(settings.MEDIA_ROOT)),
        "scriptName": str(settings.FORCE_SCRIPT_NAME) if settings.FORCE_SCRIPT_NAME else None,
        "staticfiles": "django.contrib.staticfiles" in settings.INSTALLED_APPS,
        "databases": databases,
    }


def is_code(folder):
    """Whether uploads there would lie among the release's code: it is the release, manage.py's folder, or a package."""
    own = [os.path.realpath(path) for path in (release, os.getcwd())]
    real = os.path.realpath(folder)
    return real in own or (real.startswith(own[0] + os.sep) and os.path.isfile(os.path.join(real, "__init__.py")))


def static_root(settings, links):
    """The folder collectstatic fills, always the release's own: {"path", "overridden", "was"}."""
    was = str(settings.STATIC_ROOT) if settings.STATIC_ROOT else None
    path = links.inside(release, os.path.abspath(was)) if was else None
    if path:
        return {"path": path, "overridden": False, "was": was}
    return {"path": ".djdeploy/staticfiles", "overridden": True, "was": was}


def keep_data(settings, links, databases):
    """SQLite files and MEDIA_ROOT that lie in the release go to shared/."""
    wish, files = [], []
    for row in settings.DATABASES.values():
        name, engine = databases.sqlite_file(str(row.get("NAME", "") or "")), str(row.get("ENGINE", ""))
        if name is None or not databases.is_sqlite(engine):
            continue
        full = os.path.abspath(name)
        path = links.to_keep(release, full)
        if path:
            wish.append({"path": path, "directory": False})
        if engine.endswith("sqlite3"):
            files.append(full)  # these are backed up; of any other engine the run says that it is not
    if settings.MEDIA_ROOT and not is_code(str(settings.MEDIA_ROOT)):  # that one is refused
        path = links.to_keep(release, str(settings.MEDIA_ROOT))
        if path:
            wish.append({"path": path, "directory": True})
    notes = kept(wish) if work else [links.keep(site, release, row["path"], directory=row["directory"]) for row in wish]
    return [note for note in notes if note], [os.path.realpath(file) for file in files]


def kept(wish):
    """Asks for it, and waits until it is done: not for long where nobody has begun, for who would do it may be gone."""
    if not wish:
        return []
    write(os.path.join(work, "keep.json"), wish)
    asked = time.monotonic()
    while not os.path.exists(told):
        if time.monotonic() - asked > (3600 if os.path.exists(told + ".begun") else 30):
            raise TimeoutError("nobody linked %s into shared/" % ", ".join(row["path"] for row in wish))
        time.sleep(0.005)
    with open(told, encoding="utf-8") as file:
        return json.load(file)


def write(file, value):
    """Whole, or not there."""
    with open(file + ".tmp", "w", encoding="utf-8") as out:
        json.dump(value, out)
    os.rename(file + ".tmp", file)


def keeps_manifest():
    """Whether templates look the names of static files up in a manifest that collectstatic writes to this disk."""
    from django.contrib.staticfiles.storage import staticfiles_storage
    from django.core.files.storage import FileSystemStorage

    return hasattr(staticfiles_storage, "manifest_name") and isinstance(staticfiles_storage, FileSystemStorage)


def checks():
    from django.core import checks as django_checks

    rows = []
    for message in django_checks.run_checks(include_deployment_checks=True):
        if message.is_silenced():
            continue
        rows.append(
            {
                "id": message.id or "unnamed",
                "level": int(message.level),
                "message": str(message.msg),
                "hint": str(message.hint) if message.hint else None,
                "object": str(message.obj) if message.obj is not None else None,
            }
        )
    return rows


def migrations(databases, wanted):
    """What each database that is migrated lacks, and why the others are left alone."""
    from django.db import connections
    from django.db.migrations.loader import MigrationLoader

    models = helper("djd_models")
    own_apps = models.own_labels(release)
    loader = MigrationLoader(None, ignore_no_migrations=True)
    found = databases.opened(connections)
    unheard = sorted(set(wanted or ()) - set(found))
    if unheard:
        raise LookupError("database.aliases names %s, which DATABASES does not have" % ", ".join(unheard))
    own_names = {node for node in loader.disk_migrations if node[0] in own_apps}
    left = databases.choose(connections, found, wanted, own_names)
    aliases = [alias for alias in left if left[alias] is None]
    answer = {"conflicts": {}, "pending": [], "heads": set(), "unknown": set(), "left": {}}
    answer["left"] = {alias: why for alias, why in left.items() if why is not None}
    for alias in aliases:
        try:
            of_alias(connections[alias], answer)
        except Exception as error:
            error.djd_database = alias
            raise
    if answer["conflicts"]:
        changes, lacks = [], []
    else:
        changes = models.unmade(loader, connections, aliases, own_apps)
        pending = {(row["alias"], row["app"]) for row in answer["pending"]}
        lacks = models.missing(connections, aliases, own_apps, pending)
        lacks += models.renamed(found, answer["pending"], own_apps)
        if wanted is None:  # whoever named them has settled it
            lacks += models.astray(connections, found, answer["left"], own_apps)
    answer.update(heads=sorted(answer["heads"]), unknown=sorted(answer["unknown"]))
    return found, answer, {"changes": changes, "missing": lacks}


def of_alias(connection, answer):
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    loader = executor.loader
    loader.check_consistent_history(connection)
    conflicts = loader.detect_conflicts()
    answer["conflicts"].update({app: sorted(names) for app, names in conflicts.items()})
    plan = [] if conflicts else executor.migration_plan(loader.graph.leaf_nodes())
    applied = set(loader.applied_migrations)
    known = set(loader.disk_migrations)
    for migration in loader.disk_migrations.values():
        known.update(migration.replaces)
    for m, _ in plan:
        row = {"alias": connection.alias, "app": m.app_label, "name": m.name}
        answer["pending"].append(dict(row, operations=[o.describe() for o in m.operations]))
    answer["heads"].update("%s.%s" % node for node in loader.graph.leaf_nodes() if node in applied)
    answer["unknown"].update("%s.%s" % node for node in applied - known if node[0] in loader.migrated_apps)


def main():
    answer = {"python": sys.version.split()[0], "failure": None, "notes": []}
    stage = "settings"
    try:
        import django

        answer["django"] = django.get_version()
        from django.conf import settings

        _ = settings.DEBUG  # loads them
        links, databases = helper("djd_links"), helper("djd_databases")
        answer["settings"] = settings_facts(settings)
        answer["static"] = static_root(settings, links)
        if work:
            answer["static"].update(path=".djdeploy/staticfiles", overridden=True)
            settings.STATIC_ROOT = os.path.join(work, "static")
            shipped = os.path.abspath(answer["static"]["was"] or "/")
            if links.inside(release, shipped) and os.path.isdir(shipped):
                shutil.copytree(shipped, settings.STATIC_ROOT)  # files in git that no finder knows
        elif answer["static"]["overridden"]:
            settings.STATIC_ROOT = os.path.join(release, answer["static"]["path"])
        answer["notes"], answer["sqlite"] = keep_data(settings, links, databases)
        stage = "apps"
        django.setup()
        answer["settings"]["manifest"] = answer["settings"]["staticfiles"] and keeps_manifest()
        stage = "checks"
        answer["checks"] = checks()
        stage = "database"
        wanted = json.loads(sys.argv[3]) if len(sys.argv) > 3 and sys.argv[3] else None
        answer["opened"], answer["migrations"], answer["models"] = migrations(databases, wanted)
    except BaseException as error:  # SystemExit in settings is an answer too
        answer["failure"] = failure(stage, error)
        traceback.print_exc()
    write(sys.argv[1], answer)
    if answer["failure"] is None and answer["settings"]["staticfiles"]:
        if sys.argv[2] == "yes" or (sys.argv[2] == "manifest" and answer["settings"]["manifest"]):
            collect()


def collect():
    """manage.py collectstatic, as it is; what it asks of the settings it finds as they were set above."""
    from django.core.management import execute_from_command_line

    sys.argv[0] = os.path.join(os.getcwd(), "manage.py")
    execute_from_command_line([sys.argv[0], "collectstatic", "--noinput", "--verbosity", "1"])


main()
