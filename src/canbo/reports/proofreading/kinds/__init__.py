"""One module for each kind of claim: a function that reads a `Page` and yields claims."""
