"""From the exports to the exact figures of one account.

    accountplan.toml --> config        what to read, and the dialect of each source (columns: the canonical columns)
    csv, xlsx, parquet --> readers     chunks of raw text rows (encodings, xlsx, parquet: one file per format)
    text --> parse, cell_values, money amounts, dates and keys; euros with the sign of a sale
    rows --> importer                  each row used, excluded or to check (sales_importer, record_importer, findings)
    used rows --> aggregate --> cents  one SQL statement for all accounts; whole cents that add up
    everything --> figures             Portfolio, and AccountFigures of one account (account_names, quality)

Beside it stands `detect`, which looks at an export once and proposes its accountplan.toml. Nothing else guesses.
"""
