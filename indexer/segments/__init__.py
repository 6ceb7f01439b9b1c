"""The index on disk: arrays in Whoosh segments.

chunk                documents analysed, a few at once
build, merge         analysed documents, or segments, to the arrays of one segment
arrayfile, segment   those arrays in a checksummed, memory-mapped file
text                 how those keep a text
codec                the same files as stock Whoosh reads them
store, writer        commits, deletions, merges
"""

from indexer.segments.build import FORMAT
from indexer.segments.chunk import Chunk, Document, analyse_documents
from indexer.segments.segment import Segment
from indexer.segments.store import Contents, commits, read_contents
from indexer.segments.text import Text, encode_text
from indexer.segments.writer import purge, write_commit

__all__ = [
    "FORMAT",
    "Chunk",
    "Contents",
    "Document",
    "Segment",
    "Text",
    "analyse_documents",
    "commits",
    "encode_text",
    "purge",
    "read_contents",
    "write_commit",
]
