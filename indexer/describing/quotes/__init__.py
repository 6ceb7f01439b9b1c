"""Statements in a text: whose words stand where, by the rules of its language.

find                       a text to its statements, paragraph by paragraph
rules                      the tables of data/quotes.toml
marks, frame, found        what stands in marks; the sentence around it; what was found and who was named
latin, latin_told,
latin_patterns             languages that part words by spaces and names by capitals
people, phrase             who stands before and behind a verb of theirs
chinese, chinese_people    Chinese, and who speaks in it
japanese, spaced, burmese  Japanese; Thai, Lao and Khmer; Burmese
"""

from indexer.describing.quotes.find import find_statements

__all__ = ["find_statements"]
