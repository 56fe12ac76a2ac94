"""Pages of reports: a book of figures, a figure, and the records in it."""
