"""The Excel add-in: what a button does, through xlwings on the open workbook.

a button --> quiet (Excel frozen, unprotected, put back) --> live_book (names and tables <-> values) --> Excel
live_book uses places and cell_values (pure), patience (Excel is busy) and host (protection, per program)
"""
