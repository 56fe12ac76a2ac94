"""The settings of the server, with the minimal page beside the others."""

from canbo.config.settings import *  # noqa: F403 - all of them

ROOT_URLCONF = "bench.minimal"
