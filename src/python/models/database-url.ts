/** dj-database-url 3. */
export const DATABASE_URL = `
import os
import urllib.parse as urlparse
from _djdeploy import note, like, is_unknown, unknown

DEFAULT_ENV = "DATABASE_URL"
SCHEMES = {
    "postgres": "django.db.backends.postgresql", "postgresql": "django.db.backends.postgresql",
    "pgsql": "django.db.backends.postgresql", "postgis": "django.contrib.gis.db.backends.postgis",
    "redshift": "django_redshift_backend", "timescale": "timescale.db.backends.postgresql",
    "mysql": "django.db.backends.mysql", "mysql2": "django.db.backends.mysql",
    "mysql-connector": "mysql.connector.django", "mysqlgis": "django.contrib.gis.db.backends.mysql",
    "sqlite": "django.db.backends.sqlite3", "spatialite": "django.contrib.gis.db.backends.spatialite",
    "oracle": "django.db.backends.oracle", "mssql": "sql_server.pyodbc", "mssqlms": "mssql",
    "cockroach": "django_cockroachdb",
}

class ParseError(ValueError):
    pass

class UnknownSchemeError(ValueError):
    pass

def config(env=DEFAULT_ENV, default=None, engine=None, conn_max_age=0, conn_health_checks=False,
           disable_server_side_cursors=False, ssl_require=False, test_options=None):
    s = os.environ.get(env, default)
    note(env, default, 'dj_database_url')
    if s:
        return parse(s, engine, conn_max_age, conn_health_checks, disable_server_side_cursors, ssl_require, test_options)
    return {}

def parse(url, engine=None, conn_max_age=0, conn_health_checks=False, disable_server_side_cursors=False,
          ssl_require=False, test_options=None):
    like(url, 'postgres://user:password@db.example.com:5432/name', 'mysql://localhost/data')
    if is_unknown(url):
        return unknown('a database URL', 'dict')
    settings = {
        "CONN_MAX_AGE": conn_max_age,
        "CONN_HEALTH_CHECKS": conn_health_checks,
        "DISABLE_SERVER_SIDE_CURSORS": disable_server_side_cursors,
    }
    if engine:
        settings["ENGINE"] = engine
    if test_options:
        settings["TEST"] = test_options
    if url == "sqlite://:memory:":
        return {"ENGINE": SCHEMES["sqlite"], "NAME": ":memory:"}
    found = urlparse.urlsplit(url)
    if found.scheme not in SCHEMES:
        raise UnknownSchemeError(found.scheme)
    options = {k: v[0] for k, v in urlparse.parse_qs(found.query).items()}
    parsed = {
        "ENGINE": SCHEMES[found.scheme],
        "USER": urlparse.unquote(found.username or ""),
        "PASSWORD": urlparse.unquote(found.password or ""),
        "HOST": urlparse.unquote(found.hostname or ""),
        "PORT": found.port or "",
        "NAME": urlparse.unquote(found.path[1:]),
    }
    if parsed["ENGINE"] == SCHEMES["sqlite"] and not parsed["NAME"]:
        parsed["NAME"] = ":memory:"
    if ssl_require:
        options["sslmode"] = "require"
    parsed.update(settings)
    if options:
        parsed["OPTIONS"] = options
    return parsed
`;
