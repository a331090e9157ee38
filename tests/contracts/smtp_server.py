"""A small mail server on a loopback port: takes mail, keeps it, and refuses what it is told to."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Kept:
    """What the server was sent, and how it behaves.

    Attributes:
        refused: Recipients it does not know (550).
        quits_badly: Answer QUIT with an error, after the mail was taken.
    """

    port: int = 0
    messages: list[bytes] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    quits_badly: bool = False


@contextmanager
def serve() -> Iterator[Kept]:
    """Run a server for a while and give what it keeps."""
    kept = Kept()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            _talk(self, kept)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        kept.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield kept
        server.shutdown()
        thread.join()


def _talk(handler: socketserver.StreamRequestHandler, kept: Kept) -> None:
    """Speak SMTP (RFC 5321) with one client until it quits."""

    def say(line: str) -> None:
        handler.wfile.write(f"{line}\r\n".encode())

    say("220 ready")
    while line := handler.rfile.readline().decode().strip():
        verb = line.split()[0].upper()
        kept.commands.append(line)
        if verb == "QUIT":
            say("451 not now" if kept.quits_badly else "221 bye")
            return
        if verb == "EHLO":
            say("250-loopback")
            say("250 AUTH PLAIN")
        elif verb == "STARTTLS":
            say("502 no TLS here")
        elif verb == "AUTH":
            say("235 welcome")
        elif verb == "DATA":
            say("354 go on")
            kept.messages.append(_data(handler))
            say("250 taken")
        elif verb == "RCPT" and any(address in line for address in kept.refused):
            say("550 no such user")
        else:
            say("250 fine")


def _data(handler: socketserver.StreamRequestHandler) -> bytes:
    lines = []
    while (line := handler.rfile.readline()) not in (b".\r\n", b""):
        lines.append(line[1:] if line.startswith(b"..") else line)
    return b"".join(lines)
