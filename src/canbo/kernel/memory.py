"""What Python looks through its memory for. No Django here."""

import contextlib
import gc
from collections.abc import Iterator


@contextlib.contextmanager
def uncollected() -> Iterator[None]:
    """Many rows are freed as they are done with; looking through all of them for circles took a fifth to a third of
    the time. Whoever had switched that off finds it so."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
