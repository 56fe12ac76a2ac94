"""Importing a file on pages: upload, map its columns, preview, correct, apply, and undo."""
