"""Where Django finds the tables of the register: one line a concept."""

__all__ = [name for name in dir() if name[0].isupper()]
