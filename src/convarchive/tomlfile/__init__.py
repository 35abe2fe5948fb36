"""
Reading and changing the TOML files that people write by hand, with errors that name the line.

* `read` and `parse` give a `Table`, whose typed readers refuse what a file may not say;
  every refusal is a SettingsError of one line, `FILE:LINE: what is wrong; what to do`.
* `append` and `remove` change one entry of a file and leave every comment as it stands.
"""

from convarchive.tomlfile.changing import Entry, append, block, remove, write_whole
from convarchive.tomlfile.lines import key_lines
from convarchive.tomlfile.table import Once, Table, parse, read, suggestion

__all__ = [
    "Entry",
    "Once",
    "Table",
    "append",
    "block",
    "key_lines",
    "parse",
    "read",
    "remove",
    "suggestion",
    "write_whole",
]
