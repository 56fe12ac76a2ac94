"""Where Django finds the tables of the register: one line a concept."""

__all__ = []
