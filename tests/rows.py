"""Every row of a catalogue that says what the archive holds, in an order of its own, to be compared."""

from __future__ import annotations

from archive import Home

# What the crawler has yet to do, the runs, and the cursor of the index are no part of what is held.
OPERATIONAL = ("frontier", "runs", "changes")


def rows(home: Home, *, without: tuple[str, ...] = ()) -> dict[str, list[str]]:
    """The rows of each table as text, sorted."""
    with home.catalogue() as catalogue:
        query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
        tables = [row[0] for row in catalogue.connection.execute(query)]
        return {
            table: sorted(repr(tuple(row)) for row in catalogue.connection.execute(f'SELECT * FROM "{table}"'))
            for table in tables
            if table not in (*OPERATIONAL, *without)
        }
