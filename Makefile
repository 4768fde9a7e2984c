# Everything is in make.py, which Windows runs too (py -m make demo).
PYTHON ?= python3

.PHONY: demo test check docs golden bench
demo test check docs golden bench:
	@$(PYTHON) make.py $@
