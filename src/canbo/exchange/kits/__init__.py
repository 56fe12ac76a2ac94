"""Offline kits: a unit's own lists as a workbook that travels locked and signed, and comes back to be merged.

What was handed out stands in the workbook itself, signed (`statement`). So what comes back is compared with what was
given and with what the register holds by now, cell by cell: what only the other side changed becomes acts (`taking`).
"""
