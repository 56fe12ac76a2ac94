"""The pages without their audit rows: what the rows cost is the difference."""

from typing import Any

from canbo.web import audited
from canbo.web.middleware import Reading


class Unaudited(Reading):
    """Everything as always, but nobody writes down who read what."""

    def __init__(self, get_response: Any) -> None:
        super().__init__(get_response)
        audited.enter = lambda request, page: None
