"""Account plans as Excel workbooks: the map of the package.

    exports (csv, xlsx, parquet) --> sources/   read, map, check --> figures of one account, small and exact
    templates/*.toml             --> template/  chapters > sections > blocks > fields, lists, texts nl and en
    figures + template --> prefill --> Plan     values by field id, rows by table id
    Plan + template    --> workbook/  layout (id -> cells) -> renderer (XlsxWriter) -> recalculate --> plan.xlsx
    plan.xlsx          --> workbook/named_values --> Plan
    Plan + fresh Plan  --> refresh   the cells that change --> saved/ puts them into the closed file, and no others
    used plan.xlsx     --> reading/  whatever people did to it: the Plan, and a finding for all that was odd
    used plan.xlsx     --> checking/ every formula, name, validation and source table against what it was made with
    last year's Plan + fresh Plan --> rolling/  the plan of the next year, and what became of every value of the old one
    Plan               --> approve   the budget as a version --> saved/, or the open book
    Plan --> finished workbook --> export   the values for the customer --> a workbook of their own
    open book in Excel <-- addin/    buttons, the add-in itself, and the open plan by defined name

Imports go one way: template <- workbook <- prefill, create, refresh <- cli; sources knows only its own config and
errors, saved only the file format.
"""

__version__ = "0.1.0"
