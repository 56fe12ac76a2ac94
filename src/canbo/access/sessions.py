"""Web sessions: kept by the role of sign-in, ended after a while without a page and after a longest time whatever is
done, each with the key by which the database knows its person.
"""

import time

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db

from canbo.access import keys

BEGAN, SEEN = "began", "seen"
VIEW = "view"
"""As whom the pages are seen: what `access/viewing.py` keeps while it lasts."""


class SessionStore(db.SessionStore):
    """Django's, whose key in the database begins, is prolonged and ends with it."""

    @classmethod
    def get_model_class(cls) -> type:
        """Django's own table."""
        return db.SessionStore.get_model_class()

    def get_session_cookie_age(self) -> float:
        """Seconds that a session has left when it is saved."""
        left = self.get(BEGAN, time.time()) + settings.SESSION_LONGEST - time.time()
        return max(0, min(settings.SESSION_COOKIE_AGE, left))

    @property
    def stale(self) -> bool:
        """Was somebody seen so long ago that it is to be written down again?"""
        return time.time() - self.get(SEEN, 0) > min(300, settings.SESSION_COOKIE_AGE / 4)

    def save(self, must_create: bool = False) -> None:
        """Write it down, and let its key last as long as it does."""
        account = self.get(SESSION_KEY)
        if account:
            self.setdefault(BEGAN, time.time())
            self[SEEN] = time.time()
        super().save(must_create)
        if account:
            keys.carry(self.session_key, int(account), self.get_expiry_date())
            if view := self.get(VIEW):
                keys.prolong(self.session_key, view["number"], self.get_expiry_date())

    def delete(self, session_key: str | None = None) -> None:
        """End it, here or from elsewhere, and its key."""
        ended = session_key or self.session_key
        super().delete(session_key)
        if ended:
            keys.end(keys.of_session(ended))
