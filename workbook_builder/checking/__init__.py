"""Checks closed plans for finance: is everything still what it was when the plan was made, and what do its checks say.

    path --> reading.open_plan --> formulas      every formula against the manifest
                                   validations   every input against its declaration
                                   figures       source tables, error cells, the checks of the plan itself
             --> Checked --> report (table, JSON), summary (a workbook over many plans)

A plan is only read. `check_plans` is the way in.
"""
