"""The tools that tests rely on are there; an absent one fails here with its remedy."""

import os
import shutil
import subprocess

QUIET = (
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def chromium() -> str:
    """The browser's command, or a failure that says how to get it."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert found, "no Chromium: `apt-get install chromium` (Debian, Ubuntu) or install Chrome, then run again"
    return found


def test_git_is_installed():
    assert shutil.which("git"), "no git: `apt-get install git`, then run again"


def test_chromium_renders_a_page(tmp_path):
    command = [chromium(), *QUIET, f"--user-data-dir={tmp_path}", "--dump-dom"]
    if os.geteuid() == 0:
        command.append("--no-sandbox")
    page = "data:text/html;charset=utf-8,<p id=word></p><script>word.textContent='6'.repeat(3)</script>"
    done = subprocess.run([*command, page], capture_output=True, text=True, timeout=120, check=False)
    assert '<p id="word">666</p>' in done.stdout, done.stderr[-2000:]
