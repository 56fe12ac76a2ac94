"""The data quality workbench."""
