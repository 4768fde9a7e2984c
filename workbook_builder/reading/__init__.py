"""Reads a plan that people worked in for a year, whatever they did to the workbook.

    bytes --> contents     what stands in every cell; the manifest says what stood there
          --> sheet_maps   where every sheet, row and column went (lines), by fixed texts, keys of tables and names
          --> cells        the cells of every id, through the ids of then (versions)
          --> values       their values as they were meant (typed), with findings
          --> additions    what stands where the plan has no place for it
          --> reader       Reading: the Plan and the findings, with labels

`read_tolerantly` is the way in. It refuses only what is no plan of ours (`InputError`); everything else is a
`Finding` that says where, what, and what the reader did about it. A value that somebody typed is in the plan or in a
finding, never in neither.
"""
