"""What tests of security may ask for: the browser as tests of pages have it."""

from tests.browser.conftest import browser_type_launch_args

__all__ = ["browser_type_launch_args"]
