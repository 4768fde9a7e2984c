"""The workbook: where everything stands, how it is drawn, computed and read back."""
