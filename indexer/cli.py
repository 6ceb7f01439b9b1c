"""The indexer's commands."""

from __future__ import annotations

import click

from indexer.cli_describe import describe, editions
from indexer.cli_search import check, index, search
from indexer.cli_withdraw import reinstate, withdraw

commands: tuple[click.Command, ...] = (check, describe, editions, index, reinstate, search, withdraw)
