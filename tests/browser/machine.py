"""The system's own Chromium, and the two screens on which pages are looked at."""

import os
import shutil
from typing import Any

DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
NAMES = ("chromium", "chromium-browser", "google-chrome")


def chromium() -> dict[str, Any]:
    """How Playwright starts it: its own cannot be installed everywhere, and its sandbox does not run as root."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        raise FileNotFoundError("No Chromium on this machine. Install it: sudo apt-get install chromium")
    return {"executable_path": program, "args": ["--no-sandbox"] if os.geteuid() == 0 else []}
