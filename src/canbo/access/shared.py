"""What is remembered for a while, the same in every process of the server: failures and requests that count against a
limit, and one-time codes that were used. Kept as JSON in a table of its own role; Django's own would pickle it.
"""

import json
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connections

from canbo.access.rights import ALIAS

_NOW = "statement_timestamp()"
_GET = f"SELECT value FROM access_memory WHERE key = %s AND ends_at > {_NOW}"
_PUT = f"""INSERT INTO access_memory AS known (key, value, ends_at)
VALUES (%s, %s, {_NOW} + %s * interval '1 second')
ON CONFLICT (key) DO UPDATE SET value = excluded.value, ends_at = excluded.ends_at"""
_ADD = f"{_PUT} WHERE known.ends_at <= {_NOW} RETURNING 1"
_COUNT = f"""INSERT INTO access_memory AS known (key, value, ends_at)
VALUES (%(key)s, '1', {_NOW} + %(seconds)s * interval '1 second')
ON CONFLICT (key) DO UPDATE SET
    value = CASE WHEN known.ends_at <= {_NOW} THEN '1' ELSE (known.value::int + 1)::text END,
    ends_at = CASE WHEN known.ends_at <= {_NOW} THEN excluded.ends_at ELSE known.ends_at END
RETURNING value::int"""
_FORGET = f"DELETE FROM access_memory WHERE key = %s OR ends_at <= {_NOW}"


class Shared(BaseCache):
    """The part of a cache that sign-in uses, and a count."""

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """What is remembered, unless its time is over."""
        found = self._run(_GET, self._key(key, version))
        return json.loads(found[0]) if found else default

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        """Remember it for `timeout` seconds."""
        self._run(_PUT, self._key(key, version), json.dumps(value), self._seconds(timeout))

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Remember it unless something is remembered there; of two who do so at once one succeeds."""
        return bool(self._run(_ADD, self._key(key, version), json.dumps(value), self._seconds(timeout)))

    def delete(self, key: str, version: int | None = None) -> bool:
        """Forget it, and everything whose time is over."""
        self._run(_FORGET, self._key(key, version))
        return True

    def count(self, key: str, seconds: float) -> int:
        """How often this was said within `seconds` of the first time, now included: one statement for all processes."""
        with connections[ALIAS].cursor() as cursor:
            cursor.execute(_COUNT, {"key": self._key(key, None), "seconds": seconds})
            return cursor.fetchone()[0]

    def clear(self) -> None:
        """Forget everything."""
        self._run("DELETE FROM access_memory")

    def _key(self, key: str, version: int | None) -> str:
        return self.make_and_validate_key(key, version=version)

    def _seconds(self, timeout: Any) -> float:
        return float(self.default_timeout if timeout in (DEFAULT_TIMEOUT, None) else timeout)

    def _run(self, statement: str, *values: Any) -> tuple | None:
        with connections[ALIAS].cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchone() if cursor.description else None
