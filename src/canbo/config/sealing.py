"""While pages are served the audit log is sealed each minute, by a thread with a connection of its own; and files that
were left behind are removed.
"""

import logging
import threading
import time

import psycopg
from django.conf import settings

from canbo.kernel.audit import seal_by
from canbo.kernel.refusal import Refused
from canbo.web.importing.staging import purge

EVERY = 60.0
"""Seconds: so long a row may wait for its seal."""


def begin() -> None:
    """Start sealing; the thread never keeps the process from ending."""
    threading.Thread(target=_work, name="sealer", daemon=True).start()


def _work() -> None:
    while True:
        once()
        tidy()
        time.sleep(EVERY)


def tidy() -> None:
    """Remove files whose import nobody ended; what keeps us from it is written down."""
    try:
        purge()
    except OSError as error:
        logging.getLogger("django.request").error("files of imports were not removed: %s", error)


def once() -> int:
    """Seal what waits; what keeps us from it is written down, and the next minute tries again."""
    try:
        with settings.DATABASE.connect("app") as link:
            return seal_by(link)
    except (psycopg.Error, Refused) as error:
        logging.getLogger("django.request").error("the audit log was not sealed: %s", error)
        return 0
