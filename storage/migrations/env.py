"""How Alembic meets our tables: on a connection somebody hands over, never by an address of its own.

`storage.upgrade` is the only one who runs this. A new migration is a file in `versions/`, named by the moment and by
what it does (`20261201_0900_frames_know_their_purposes.py`), written by hand from what this prints:

    .venv/bin/python - <<'END'
    from alembic.autogenerate import produce_migrations, render_python_code
    from alembic.migration import MigrationContext
    from storage.engine import Database
    from storage.tables import metadata
    from storage.upgrade import upgrade
    database = Database("sqlite:////tmp/as-it-was.db")
    upgrade(database)
    with database.reading.connect() as connection:
        steps = produce_migrations(MigrationContext.configure(connection), metadata)
        print(render_python_code(steps.upgrade_ops))
    END

The tests upgrade from nothing on both databases and find no difference, so what is forgotten here is found there.
A migration runs forwards with the old code alive: add, fill, use, and only later take away. One that takes away says
`contracts = True`; a test compares the rows before and after each, and finds the one that did not say it.
"""

from __future__ import annotations

from alembic import context

from storage.tables import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=True,  # SQLite alters a table by making it anew
    transaction_per_migration=not connection.in_transaction(),  # else somebody wants all of it or nothing
    on_version_apply=context.config.attributes["remember"],
)
with context.begin_transaction():
    context.run_migrations()
