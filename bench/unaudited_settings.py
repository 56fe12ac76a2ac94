"""Canbo's settings, with pages that leave no audit rows, for bench/audit.py."""

from canbo.config.settings import *  # noqa: F403
from canbo.config.settings import MIDDLEWARE as OURS

MIDDLEWARE = [*OURS[:-1], "bench.unaudited.Unaudited"]
