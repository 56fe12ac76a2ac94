"""Organisations of any depth and kind over time: establish, merge, rename, move, dissolve, with their lineage."""
