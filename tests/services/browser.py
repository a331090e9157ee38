"""A person at a web server: signs in, starts processes and completes tasks as the pages do."""

import re
from typing import Any

import httpx

CSRF = re.compile(r'name="csrf-token" content="([^"]+)"')
TASK_LINK = re.compile(r'href="/tasks/(\d+)')


class Visitor:
    """Somebody signed in at one web server, by session cookie and CSRF header."""

    def __init__(self, address: str, username: str, password: str) -> None:
        """Sign in.

        Raises:
            AssertionError: The server did not let him in.
        """
        self._client = httpx.Client(base_url=address, timeout=30)
        form = {"username": username, "password": password, "csrf_token": self._token("/sign-in")}
        answer = self._client.post("/sign-in", data=form)
        assert answer.status_code == 303, answer.text[:500]
        self._headers = {"X-CSRFToken": self._token("/tasks")}

    def cookie_header(self) -> dict[str, str]:
        """Return the header by which another client is the same visitor."""
        return {
            "Cookie": "; ".join(f"{name}={text}" for name, text in self._client.cookies.items())
        }

    def start(self, process_id: str, values: dict[str, Any]) -> int:
        """Start a process from its form and return the key of the task that is open next."""
        answer = self._post(f"/start/{process_id}/submit", values)
        assert answer.status_code == 200, answer.text[:2000]
        found = re.fullmatch(r"/tasks/(\d+)", answer.json()["next"])
        assert found, answer.text
        return int(found[1])

    def tasks(self, tab: str = "claimable") -> list[int]:
        """Return the keys of the tasks that the list shows."""
        page = self._client.get("/tasks", params={"tab": tab})
        assert page.status_code == 200, page.text[:500]
        return [int(key) for key in TASK_LINK.findall(page.text)]

    def complete(self, task_key: int, values: dict[str, Any]) -> httpx.Response:
        """Hand in a task and return the answer."""
        return self._post(f"/tasks/{task_key}/complete", values)

    def read(self, path: str) -> str:
        """Return a page."""
        page = self._client.get(path)
        assert page.status_code == 200, page.text[:500]
        return page.text

    def _post(self, path: str, values: dict[str, Any]) -> httpx.Response:
        return self._client.post(path, json={"variables": values}, headers=self._headers)

    def _token(self, path: str) -> str:
        found = CSRF.search(self._client.get(path).text)
        assert found, f"no token on {path}"
        return found[1]


def api(address: str, username: str, password: str) -> httpx.Client:
    """Return a client of the API with Basic credentials."""
    return httpx.Client(base_url=f"{address}/v2", auth=(username, password), timeout=30)
