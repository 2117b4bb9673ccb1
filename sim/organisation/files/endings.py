"""How the names of lists of sites end: those that are read, and those that people give and that are not read."""

from __future__ import annotations

TEXT_ENDS = (".csv", ".tsv", ".tab", ".txt")
EXCEL_ENDS = (".xlsx", ".xlsm")
ENDS = (*TEXT_ENDS, *EXCEL_ENDS, ".graphml")
"""What can be read."""
SPREADSHEETS = (".xls", ".xlsb", ".ods", ".numbers")
"""Files of spreadsheet programs that cannot be read as they are."""
LISTS = (*(end for end in ENDS if end != ".txt"), *SPREADSHEETS)
"""A name that ends so means a list, read or not; a text may be anything."""
MAY_HOLD_A_LIST = (*ENDS, *SPREADSHEETS, ".json", ".parquet")
"""The name of such a file may say which place it is about."""
