"""Reads a plan that people worked in for a year, whatever they did to the workbook.

    path --> reader --> Reading   the plan as far as it can be found, and a finding for everything that was odd

`read_tolerantly` is the way in. It refuses only what is no plan of ours (`InputError`); everything else is a
`Finding` that says where, what, and what the reader did about it. A value that somebody typed is in the plan or in a
finding, never in neither.
"""
