"""On the runner: which migrations a database lacks, and the SQL that migrate would run, without that database.

    python plan_migrations.py QUESTION.json ANSWER.json      (in the folder of manage.py)

QUESTION: {"engine", "applied": [[app, name]]}, as the live release said. ANSWER: {"pending": [{"app", "name",
"operations", "sql", "problem"}]}. Settings are those that manage.py names.
"""
import json
import os
import runpy
import sys

MOST = 20000  # characters of SQL of one migration


def offline(engine):
    """A connection of that engine that is never opened. (SQLite asks its own; it is empty and in memory.)"""
    from django.db.utils import ConnectionHandler

    name = ":memory:" if "sqlite" in engine or "spatialite" in engine else "none"
    connection = ConnectionHandler({"default": {"ENGINE": engine, "NAME": name}})["default"]
    if hasattr(connection.ops, "compose_sql"):
        # PostgreSQL's asks the server how to quote; the editor below knows it for what stands in schemas.
        connection.ops.compose_sql = lambda sql, params: sql % tuple(params or ())
    return connection


def apply(migration, state, connection):
    """The state after a migration and its SQL; (state, None, why) where that can not be told."""
    try:
        editor = connection.schema_editor(collect_sql=True, atomic=False)
        if hasattr(connection.ops, "compose_sql"):
            connection.ops.compose_sql = lambda sql, params: sql % tuple(map(editor.quote_value, params or ()))
        with editor:
            editor.atomic_migration = True  # nothing is run, so nothing has to be one transaction
            after = migration.apply(state.clone(), editor, collect_sql=True)
            editor.atomic_migration = False
        return after, "\n".join(editor.collected_sql), None
    except Exception as error:
        why = str(error) if len(str(error)) <= 200 else str(error)[:200] + "[…]"
        return migration.mutate_state(state), None, "%s: %s" % (type(error).__name__, why)


def answer(question):
    from django.db.migrations.executor import MigrationExecutor
    from django.db.migrations.recorder import MigrationRecorder

    applied = {tuple(row): None for row in question["applied"]}
    MigrationRecorder.applied_migrations = lambda self: applied
    connection = offline(question["engine"])
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    state = executor._create_project_state(with_applied_migrations=True)
    rows = []
    for migration, _backwards in plan:
        state, sql, problem = apply(migration, state, connection)
        rows.append(
            {
                "app": migration.app_label,
                "name": migration.name,
                "operations": [operation.describe() for operation in migration.operations],
                "kinds": [type(operation).__name__ for operation in migration.operations],
                "sql": sql[:MOST] if sql is not None else None,
                "problem": problem,
            }
        )
    return {"pending": rows}


def main():
    import django
    from django.core import management

    with open(sys.argv[1], encoding="utf-8") as file:
        question = json.load(file)
    target = sys.argv[2]

    def instead(_argv=None):
        django.setup()
        with open(target, "w", encoding="utf-8") as file:
            json.dump(answer(question), file)

    management.execute_from_command_line = instead
    sys.argv = ["manage.py", "sqlmigrate"]
    sys.path[0] = os.getcwd()
    runpy.run_path("manage.py", run_name="__main__")


main()
