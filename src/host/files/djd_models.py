"""What the models of a release need of its databases and nothing makes: no migration, or a migration without its table.

Asks Django's autodetector and the databases; writes nothing. Run by itself behind a migration it prints what is missing,
and what is not recorded as applied, and ends with 3:

    python djd_models.py ALIAS…
"""
import os
import sys

MOST = 50
# What changes nothing in a database; of all others its editor is asked.
STATE_ONLY = ("AlterModelOptions", "AlterModelManagers")
# How operations that may move a table describe themselves.
MOVES = ("Raw ", "Custom ", "Rename ")


def is_own(config, release):
    """Whether an application is of the repository, and not of a package."""
    return os.path.realpath(config.path).startswith(os.path.realpath(release) + os.sep)


def own_labels(release):
    from django.apps import apps

    return {config.label for config in apps.get_app_configs() if is_own(config, release)}


def unmade(loader, connections, aliases, own):
    """Changes of models that no migration makes: [{"app", "model", "does", "own", "schema"}], as makemigrations sees them."""
    from django.apps import apps
    from django.db.migrations.autodetector import MigrationAutodetector
    from django.db.migrations.questioner import MigrationQuestioner
    from django.db.migrations.state import ProjectState

    state = loader.project_state()
    # One without a package for migrations has none on purpose, or its tables are missing: missing() looks for those.
    questioner = MigrationQuestioner(specified_apps=own & loader.migrated_apps, dry_run=True)
    changes = MigrationAutodetector(state, ProjectState.from_apps(apps), questioner).changes(graph=loader.graph)
    rows = []
    todo = [(label, one) for label in sorted(changes) for migration in changes[label] for one in migration.operations]
    for label, operation in todo[:MOST]:
        after = state.clone()
        operation.state_forwards(label, after)
        rows.append(
            {
                "app": label,
                "model": str(named(operation)),
                "does": str(operation.describe()),
                "own": label in own,
                "schema": any(needs_sql(operation, label, state, after, connections[one]) for one in aliases),
            }
        )
        state = after
    return rows


def named(operation):
    return getattr(operation, "model_name", None) or getattr(operation, "old_name", None) or getattr(operation, "name", "")


def needs_sql(operation, label, before, after, connection):
    """Whether the database's own editor would do anything. It only collects: nothing is run."""
    kind = type(operation).__name__
    if kind in STATE_ONLY:
        return False
    try:
        if kind == "AlterField":
            # SQLite's editor makes the whole table anew also for what no table knows, such as a default.
            old, new = (
                state.apps.get_model(label, operation.model_name)._meta.get_field(operation.name) for state in (before, after)
            )
            if as_column(old, connection) == as_column(new, connection):
                return False
        editor = connection.schema_editor(collect_sql=True, atomic=False)
        editor.deferred_sql = []
        operation.database_forwards(label, editor, before, after)
        return any(not str(line).startswith("--") for line in [*editor.collected_sql, *editor.deferred_sql])
    except Exception:
        return True  # it asked the database for what is not there yet


def as_column(field, connection):
    """Everything of a field that a database knows."""
    if field.many_to_many:
        return field.m2m_db_table(), field.m2m_column_name(), field.m2m_reverse_name()
    to = field.remote_field and (field.remote_field.model._meta.db_table, field.target_field.column, field.db_constraint)
    marks = ("column", "null", "unique", "primary_key", "db_index", "db_tablespace", "db_comment")
    made = getattr(field, "db_default", None), getattr(field, "expression", None), getattr(field, "db_persist", None)
    return field.db_parameters(connection), to, [getattr(field, mark, None) for mark in marks], list(map(repr, made))


def missing(connections, aliases, own, skip=()):
    """Tables and columns that the project's own models are asked from, and that are not there.

    [{"alias", "app", "model", "table", "columns": [name], "migrated"}]; columns empty: the whole table. skip: {(alias, app)}
    whose migrations are still to be run. Each is asked as a page would, so that whatever the database calls a table counts.
    """
    from django.apps import apps
    from django.db import router
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(None, ignore_no_migrations=True)
    rows = []
    for model in apps.get_models(include_auto_created=True):
        meta = model._meta
        if meta.app_label not in own or not meta.managed or meta.proxy or meta.swapped:
            continue
        for alias in {router.db_for_read(model), router.db_for_write(model)} & set(aliases):
            if (alias, meta.app_label) in skip or not router.allow_migrate_model(alias, model):
                continue
            lacks = lacking(connections[alias], model)
            if lacks is not None:
                row = {"alias": alias, "app": meta.app_label, "model": meta.object_name, "table": meta.db_table}
                rows.append(dict(row, columns=lacks, migrated=meta.app_label in loader.migrated_apps))
    return rows[:MOST]


def astray(connections, found, left, own):
    """As missing(), of models that a router sends to a database which is left alone for want of a claim: nothing will make
    their tables there. One that does not answer is not judged; a file that is not there is not made by asking."""
    from django.apps import apps
    from django.db import router

    rows = []
    for model in apps.get_models(include_auto_created=True):
        meta = model._meta
        if meta.app_label not in own or not meta.managed or meta.proxy or meta.swapped:
            continue
        alias = router.db_for_write(model)  # a replica may well be read from, and follows by itself
        if left.get(alias) is None or found[alias]["unknown"] or not router.allow_migrate_model(alias, model):
            continue
        identity = found[alias]["identity"]
        absent = identity["kind"] == "file" and not identity.get("id")
        lacks = [] if absent else lacking(connections[alias], model)
        if lacks is not None:
            row = {"alias": alias, "app": meta.app_label, "model": meta.object_name, "table": meta.db_table}
            rows.append(dict(row, columns=lacks, migrated=True, astray=True))
    return rows[:MOST]


def renamed(found, pending, own):
    """As missing(), of models whose migrations are about to make an empty table beside a full one of the same name under the
    label of an application that is gone: "was" names it. Whoever renamed an application and moves its tables does that in
    a migration, which Django describes as raw or custom, or names them in Meta."""
    from django.apps import apps

    by_hand = {(row["alias"], row["app"]) for row in pending if any(one.startswith(MOVES) for one in row["operations"])}
    there = {config.label for config in apps.get_app_configs()}
    rows = []
    for alias, label in sorted({(row["alias"], row["app"]) for row in pending} - by_hand):
        tables = set(found[alias]["tables"])
        gone = {app for app, _ in found[alias]["applied"] or []} - there
        for model in apps.get_app_config(label).get_models() if label in own else []:
            meta = model._meta
            for old in sorted(gone) if meta.db_table.startswith(label + "_") and meta.db_table not in tables else []:
                was = old + meta.db_table[len(label):]
                if was in tables:
                    row = {"alias": alias, "app": label, "model": meta.object_name, "table": meta.db_table}
                    rows.append(dict(row, columns=[], migrated=True, was=was))
    return rows[:MOST]


def lacking(connection, model):
    """None where all of it can be asked for; else the columns that are not there, none of them: there is no table."""
    quote, table = connection.ops.quote_name, model._meta.db_table
    columns = [field.column for field in model._meta.local_concrete_fields if field.column]
    with connection.cursor() as cursor:
        try:
            # Each with its table: SQLite takes a name in quotation marks that it does not know for a text.
            named = ", ".join("%s.%s" % (quote(table), quote(column)) for column in columns)
            cursor.execute("SELECT %s FROM %s WHERE 1 = 0" % (named, quote(table)))
            return None
        except Exception:
            pass
    with connection.cursor() as cursor:
        try:
            seen = {str(row.name).lower() for row in connection.introspection.get_table_description(cursor, table)}
        except Exception:
            seen = set()
    lacks = [column for column in columns if column.lower() not in seen]
    if not seen:
        return []
    return lacks or None  # it is there, and may not be read: that is another trouble


def unapplied(connection):
    """What migrate was to apply and did not record: code of a migration that ends the process with 0 is a success to whoever
    waits for it."""
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return [migration for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]


def main():
    import django
    from django.db import connections

    release = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    sys.path[0] = os.getcwd()
    django.setup()
    late = [(alias, migration) for alias in sys.argv[1:] for migration in unapplied(connections[alias])]
    for alias, migration in late[:MOST]:
        where = "" if alias == "default" else " (database %s)" % alias
        print("%s.%s is not applied%s" % (migration.app_label, migration.name, where))
    rows = missing(connections, sys.argv[1:], own_labels(release))
    for row in rows:
        print("%(app)s.%(model)s: the table %(table)s" % row, end="")
        print(" lacks " + ", ".join(row["columns"]) if row["columns"] else " is not there", end="")
        print("" if row["alias"] == "default" else " (database %s)" % row["alias"])
    sys.exit(3 if late or rows else 0)


if __name__ == "__main__":
    main()
