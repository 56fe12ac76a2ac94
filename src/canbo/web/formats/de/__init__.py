"""Dates of this language."""
