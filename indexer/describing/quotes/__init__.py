"""Statements in a text: whose words stand where, by the rules of its language.

find                      a text to its statements, paragraph by paragraph
rules                     the tables of data/quotes.toml
marks, frame, found       what stands in marks; the sentence around it; what was found and who was named
latin, people             languages that part words by spaces and names by capitals
chinese, japanese, spaced,
burmese                   languages that do not
"""

from indexer.describing.quotes.find import find_statements

__all__ = ["find_statements"]
