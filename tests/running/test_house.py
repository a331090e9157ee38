"""What `huiyin run` looks at before and while it starts the parts."""

import signal
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from service.running import house
from service.running.family import STOPPING
from service.settings import Settings
from tests.services import servers


class Up(BaseHTTPRequestHandler):
    """Answers 200, or 500 to everything but `/healthz`."""

    def do_GET(self) -> None:
        """Answer."""
        self.send_response(200 if self.path == "/healthz" else 500)
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        """Keep quiet."""


@pytest.fixture
def server() -> Iterator[HTTPServer]:
    """Give a server that is up."""
    with HTTPServer(("127.0.0.1", 0), Up) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def _own_signals() -> Iterator[None]:
    """Keep what this process does when it is asked to end."""
    handlers = {number: signal.getsignal(number) for number in STOPPING}
    yield
    for number, handler in handlers.items():
        signal.signal(number, handler)


def settings_of(folder: Path, port: int = 0, **more: str) -> Settings:
    """Return settings with a data folder and a port."""
    return Settings.from_environment(
        {"HUIYIN_DATA": str(folder), "HUIYIN_PORT": str(port or servers.free_port()), **more}
    )


def test_the_web_server_is_asked_without_a_proxy(
    server: HTTPServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Offices name one for all of HTTP; of this machine it knows nothing."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{servers.free_port()}")

    assert house._Served(settings_of(tmp_path, server.server_port))()


def test_a_server_that_nobody_hears_yet_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has two minutes; then it counts as stuck."""
    served = house._Served(settings_of(tmp_path))
    assert not served()

    monkeypatch.setattr(served, "_deadline", 0.0)
    with pytest.raises(TimeoutError, match="does not answer"):
        served()


@pytest.mark.usefixtures("_own_signals")
def test_a_taken_port_is_said_and_nothing_is_started(
    server: HTTPServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One sentence names the setting; there is no half-started house."""
    assert house.run_all(settings_of(tmp_path / "data", server.server_port)) == 2

    assert "HUIYIN_PORT" in capsys.readouterr().out
    assert not (tmp_path / "data").exists()


@pytest.mark.usefixtures("_own_signals")
def test_a_data_folder_that_another_command_has_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also before the other one has a broker: of two that start together one is refused."""
    settings = settings_of(tmp_path)
    with house.own_data(settings):
        assert house.run_all(settings) == 2

    assert "HUIYIN_DATA" in capsys.readouterr().out
    with house.own_data(settings):
        pass


@pytest.mark.slow
@pytest.mark.services
@pytest.mark.usefixtures("_own_signals")
def test_a_data_folder_with_a_broker_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever started it: two would write over each other."""
    with servers.short_folder() as folder, servers.valkey(folder / "broker"):
        assert house.run_all(settings_of(folder)) == 2

    assert "HUIYIN_DATA" in capsys.readouterr().out


def test_without_a_broker_of_its_own_the_folder_may_be_shared(tmp_path: Path) -> None:
    """Several machines may have one, for mails and documents."""
    settings = settings_of(tmp_path, HUIYIN_BROKER_URL="redis://127.0.0.1:6379/0")
    with house.own_data(settings), house.own_data(settings):
        pass
