"""The engines a benchmark compares: each over the same texts, tokens, fields and filters."""

from benchmarks.engines.base import Engine, FieldTokens, field_tokens
from benchmarks.engines.fts5 import Fts5
from benchmarks.engines.podium import Podium
from benchmarks.engines.stock import StockWhoosh
from benchmarks.engines.tantivy import Tantivy

__all__ = ["Engine", "FieldTokens", "Fts5", "Podium", "StockWhoosh", "Tantivy", "field_tokens"]
