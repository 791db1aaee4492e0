"""Raises, with the real libraries, every exception that src/release/causes knows, and some that it must not know.

Prints {"case": what Python prints of it}. Each runs where a release would: in a folder below releases/.
"""

import json
import logging.config
import os
import subprocess
import sys
import tempfile
import traceback

release = os.path.join(tempfile.mkdtemp(), "srv/shop/releases/20261120T110455Z-1a2b3c4")
os.makedirs(os.path.join(release, "late"))
os.chdir(release)
sys.path.insert(0, release)
os.environ["GIT_CEILING_DIRECTORIES"] = "/"

import django  # noqa: E402
from django.conf import LazySettings, Settings, settings  # noqa: E402

settings.configure(
    SECRET_KEY="x",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    STATIC_URL="/static/",
    STATIC_ROOT=os.path.join(release, "staticfiles"),
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.staticfiles"],
)

cases = {}


def case(act):
    cases[act.__name__] = act
    return act


@case
def apps_not_ready():
    from django.contrib.contenttypes.models import ContentType  # noqa: F401


def early():
    """What has to happen before django.setup()."""
    return told(apps_not_ready)


def told(act):
    try:
        act()
    except BaseException:
        return traceback.format_exc()
    return "nothing was raised"


def connect(engine, host, **more):
    from django.db.utils import ConnectionHandler

    row = {"ENGINE": "django.db.backends." + engine, "NAME": "shop", "HOST": host, "PORT": "9", "USER": "shop", **more}
    ConnectionHandler({"default": row})["default"].ensure_connection()


def module(name, text):
    with open(name + ".py", "w") as file:
        file.write(text)
    return __import__(name)


@case
def variable():
    os.environ["DATABASE_URL"]


@case
def environ_variable():
    import environ

    environ.Env()("DATABASE_URL")


@case
def decouple_variable():
    import decouple

    decouple.config("DATABASE_URL")


@case
def environs_variable():
    import environs

    environs.Env().str("DATABASE_URL")


@case
def secret_key():
    module("empty_settings", 'SECRET_KEY = ""\n')
    _ = Settings("empty_settings").SECRET_KEY
    holder = LazySettings()
    os.environ["DJANGO_SETTINGS_MODULE"] = "empty_settings"
    _ = holder.SECRET_KEY


@case
def no_engine():
    from django.db.utils import ConnectionHandler

    ConnectionHandler({"default": {}})["default"].ensure_connection()


@case
def no_psycopg():
    hidden = {
        name: sys.modules.pop(name) for name in list(sys.modules) if name.split(".")[0] in ("psycopg", "psycopg2")
    }
    sys.modules.update(psycopg=None, psycopg2=None)
    try:
        connect("postgresql", "127.0.0.1")
    finally:
        del sys.modules["psycopg"], sys.modules["psycopg2"]
        sys.modules.update(hidden)


@case
def no_mysqldb():
    connect("mysql", "127.0.0.1")


@case
def no_module():
    import stripe_of_nobody  # noqa: F401


@case
def git_rev_parse():
    subprocess.check_output(["git", "rev-parse", "HEAD"], stderr=subprocess.DEVNULL)


@case
def git_rev_parse_shell():
    subprocess.check_output("git rev-parse HEAD", shell=True, stderr=subprocess.DEVNULL)


@case
def git_missing():
    subprocess.check_output(["git", "rev-parse"], env={"PATH": "/nowhere"})


@case
def git_python():
    import git

    git.Repo(release)


@case
def log_folder():
    handler = {"class": "logging.FileHandler", "filename": os.path.join(release, "logs/django.log")}
    logging.config.dictConfig({"version": 1, "handlers": {"file": handler}, "root": {"handlers": ["file"]}})


@case
def read_only():
    raise OSError(30, "Read-only file system", os.path.join(release, "cache/x"))


@case
def inconsistent():
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.recorder import MigrationRecorder

    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    recorder.record_applied("contenttypes", "0002_remove_content_type_name")
    MigrationLoader(connection).check_consistent_history(connection)


@case
def node_missing():
    os.makedirs("shop/migrations")
    for path in ("shop/__init__.py", "shop/migrations/__init__.py"):
        open(path, "w").close()
    with open("shop/migrations/0002_second.py", "w") as file:
        file.write(
            "from django.db import migrations\nclass Migration(migrations.Migration):\n    dependencies = [('shop', '0001_initial')]\n"
        )
    from django.apps import apps
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    apps.set_installed_apps(["shop"])
    try:
        MigrationLoader(connection)
    finally:
        apps.unset_installed_apps()


@case
def postgres_refused():
    connect("postgresql", "127.0.0.1")


@case
def postgres_unknown_host():
    connect("postgresql", "db.nowhere.invalid")


def as_mysqldb():
    import pymysql

    pymysql.version_info = (2, 2, 1, "final", 0)
    pymysql.install_as_MySQLdb()


@case
def mysql_refused():
    as_mysqldb()
    connect("mysql", "127.0.0.1")


@case
def mysql_unknown_host():
    as_mysqldb()
    connect("mysql", "db.nowhere.invalid")


@case
def redis_refused():
    import redis

    redis.Redis("127.0.0.1", 9).ping()


def sqlite(name, statement="create table x (y)"):
    from django.db.utils import ConnectionHandler

    row = {"ENGINE": "django.db.backends.sqlite3", "NAME": name, "OPTIONS": {"timeout": 0.01}}
    with ConnectionHandler({"default": row})["default"].cursor() as cursor:
        cursor.execute(statement)


@case
def sqlite_no_folder():
    sqlite(os.path.join(release, "no/such/db.sqlite3"))


@case
def sqlite_read_only():
    import sqlite3

    sqlite3.connect("ro.sqlite3").execute("create table a (b)")
    sqlite("file:ro.sqlite3?mode=ro")


@case
def sqlite_locked():
    import sqlite3

    held = sqlite3.connect("busy.sqlite3")
    held.execute("begin exclusive")
    sqlite("busy.sqlite3")


@case
def manifest_entry():
    from django.contrib.staticfiles.storage import ManifestStaticFilesStorage

    ManifestStaticFilesStorage().url("shop/none.css", force=True)


@case
def css_names_nothing():
    from whitenoise.storage import CompressedManifestStaticFilesStorage

    os.makedirs("staticfiles", exist_ok=True)
    with open("staticfiles/a.css", "w") as file:
        file.write("a { background: url(none.png) }")
    storage = CompressedManifestStaticFilesStorage(location="staticfiles")
    for _name, _hashed, done in storage.post_process({"a.css": (storage, "a.css")}):
        if isinstance(done, Exception):
            raise done


# Not ours to explain: the same classes, raised by the project itself.


@case
def unknown_key_error():
    {}["DATABASE_URL"]


@case
def unknown_value_error():
    raise ValueError("no weather today")


@case
def unknown_git_word():
    subprocess.check_output(["sh", "-c", "exit 3 # git"])


@case
def unknown_missing_file():
    open("/srv/elsewhere/file.txt")


@case
def unknown_improperly():
    from django.core.exceptions import ImproperlyConfigured

    raise ImproperlyConfigured("Set it right")


@case
def unknown_table():
    sqlite(":memory:", "select * from nowhere")


answers = {"apps_not_ready": early()}
django.setup()
answers.update({name: told(act) for name, act in cases.items() if name not in answers})
json.dump(answers, sys.stdout)
