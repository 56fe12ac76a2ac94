"""Instants as people type them: a day, or a day and time, in the installation's time zone unless they say otherwise."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.db import connection

from canbo.kernel.refusal import Mistake


def instant(text: str, zone: str) -> dt.datetime:
    """Read an instant; a day alone means its end, so that what was entered that day counts."""
    try:
        if len(text) == len("2024-03-01"):
            day = dt.date.fromisoformat(text)
            return dt.datetime.combine(day, dt.time.max, ZoneInfo(zone))
        moment = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise Mistake(
            "bad_instant", "“%(text)s” is no instant: write 2024-03-01 or 2024-03-01T09:30", text=text
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))


def day(text: str) -> dt.date:
    """Read a day."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise Mistake("bad_day", "“%(text)s” is no day of the calendar: write YYYY-MM-DD", text=text) from error


def today() -> dt.date:
    """Today, as the database counts days."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT canbo.today()")
        return cursor.fetchone()[0]
