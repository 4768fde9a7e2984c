"""The Excel add-in: what a button does, through xlwings on the open workbook."""
