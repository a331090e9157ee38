"""What no page may do while somebody works with it: fail, complain in the console, break its policy."""

from playwright.sync_api import ConsoleMessage, Page, Response

REFUSED = "Failed to load resource: the server responded with a status of 4"
"""Chromium's own line about an answer 4xx; those are promises that tests look at themselves."""


class Watch:
    """Collects what goes wrong on the pages it is shown."""

    def __init__(self) -> None:
        """Start with nothing seen."""
        self.seen: list[str] = []

    def look_at(self, page: Page) -> None:
        """Collect failures of a page from now on."""
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.seen.append(f"script: {error}"))
        page.on("response", self._read)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(REFUSED):
            self.seen.append(f"console: {message.text}")

    def _read(self, response: Response) -> None:
        if response.status >= 500:
            self.seen.append(f"{response.status}: {response.request.method} {response.url}")
