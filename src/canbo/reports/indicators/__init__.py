"""One question about records in each file. An indicator names no kind; the book says which (`where`)."""
