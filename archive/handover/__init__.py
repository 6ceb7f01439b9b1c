"""The archive handed over: to readers as tables and data, to other tools as WARC, WACZ and CDXJ, to a successor as a bag.

selection, rights   what goes out, and how much of its text may
output              files that appear whole or not at all
copying, warc       records taken out of their files
cdxj, wacz          indexes and packages other tools open
tables, dump,
schema              rows and data packages
bag, premis         everything, for a library
backup, restore     everything, for its owner
export              one function for all formats
"""
