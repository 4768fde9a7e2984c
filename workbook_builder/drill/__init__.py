"""A figure of a plan -> the source lines that it is the sum of, found by reading its formula.

    formula --> tree (its parts) --> values (conditions and criteria, worked out) --> lines (which rows of which table)

Nothing is declared for it: what a figure is made of stands in the formulas of the workbook itself, so a new figure in
the template can be traced without a word. Formulas are read as data; nothing in a workbook is run.
"""
