"""What no page may do, watched while a browser shows it: ask another machine, break its policy, or write an error."""

from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, ConsoleMessage, Route

LOCAL = ("data:", "blob:", "about:")
"""Addresses within the page itself."""


@dataclass
class Watch:
    """Faults of all pages of a context. What asks for another machine is stopped, so that nothing leaves this one."""

    context: BrowserContext
    origin: str
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.context.route("**/*", self._route)
        self.context.on("console", self._console)
        self.context.on("weberror", lambda error: self.faults.append(f"script: {error.error}"))

    def _route(self, route: Route) -> None:
        address = route.request.url
        if address.startswith((f"{self.origin}/", *LOCAL)):
            route.continue_()
        else:
            self.faults.append(f"asks another machine: {address}")
            route.abort()

    def _console(self, message: ConsoleMessage) -> None:
        """A page that refuses has a status of its own, which the browser reports as an error: that one is meant."""
        shown = message.page and message.location.get("url") == message.page.url
        meant = shown and message.text.startswith("Failed to load resource")
        if message.type in ("error", "warning") and not meant:
            self.faults.append(f"{message.type} on {message.location.get('url')}: {message.text}")
