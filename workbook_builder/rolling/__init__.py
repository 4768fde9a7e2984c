"""A plan of last year becomes the plan of the next year.

    old file --> reading --> what stood in it       figures of today --> prefill --> a fresh plan
    both + the rules of the template --> rows       where each thing has its row now: by key, never by place
                                     --> links      what names another thing follows it to its new number
                                     --> earlier    what goes to the sheet of earlier years
                                     --> opening    what the old file held of the years that both show
                                     --> roll       the new plan, and the fate of every value that was typed
                                     --> report     the fates counted, as rows of a sheet and as text
    rolled_files             many plans at once: one that fails never stops the others

`roll` is a pure function: no file, no clock. Figures come from the fresh plan alone.
"""
