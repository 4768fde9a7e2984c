"""Edits a saved .xlsx as a person would, and leaves every part that needs no change as it is, byte for byte.

    bytes --> package   the zip: guarded, its parts unpacked on demand, untouched members copied as they are packed
    workbook.xml --> book   sheets, defined names and tables, however the parts are called
    one sheet --> sheet     its rows and cells; only those that change are written again (cells: values as XML)
    one table --> tables    as many rows as wanted, and what refers to its last row moves along
    formulas --> calculation, shared_formulas   Excel recalculates on opening; no formula loses its master
    edited bytes --> stored_values   the values behind the formulas, computed on a copy and put into their cells

No spreadsheet program and no openpyxl writes the file: they drop what they do not know. `SavedBook` is the way in,
`files.hold` puts the result in the place of the old file.
"""
