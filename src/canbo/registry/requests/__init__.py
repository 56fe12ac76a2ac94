"""Requests of the person on file: what they want put right, and what became of it."""
