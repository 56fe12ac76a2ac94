"""One module for each kind of record that a sample invents."""
