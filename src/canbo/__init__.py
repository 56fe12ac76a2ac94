"""Canbo: the working system of an organising department.

Procedure → decision → fact → figure: every figure is a question about dated records, every record cites
the decision behind it.
"""

__version__ = "0.1.0"
