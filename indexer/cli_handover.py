"""The commands that hand the archive over and keep it safe: export."""

from __future__ import annotations

import click

from indexer.cli_export import export

commands: tuple[click.Command, ...] = (export,)
