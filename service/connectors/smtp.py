"""Mail over SMTP: plain, TLS from the start, or STARTTLS."""

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import unquote, urlsplit

from service.connectors.mail_message import as_message
from service.domain.outside import Mail, MailRefusedError

PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}
"""Scheme of the URL → port when it names none."""

TIMEOUT_S = 20.0
"""How long the server may take for each answer."""


@dataclass(frozen=True)
class SmtpServer:
    """A mail server, as its URL says."""

    scheme: str
    host: str
    port: int
    username: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def of(cls, url: str) -> Self:
        """Return the server of `<scheme>://[user:password@]host[:port]`; a scheme of `PORTS`.

        Raises:
            ValueError: Another scheme, no host, or no port number.
        """
        parts = urlsplit(url)
        if parts.scheme not in PORTS or not parts.hostname:
            raise ValueError(
                f"Expected a mail server as {' '.join(PORTS)}://host, but got another."
            )
        return cls(
            scheme=parts.scheme,
            host=parts.hostname,
            port=parts.port or PORTS[parts.scheme],
            username=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
        )


class SmtpMail:
    """The port `MailPort` on a mail server; a connection for each mail."""

    def __init__(self, url: str, sender: str) -> None:
        """Take the server's URL and the address of the house.

        Raises:
            ValueError: The URL names no mail server.
        """
        self._server = SmtpServer.of(url)
        self._sender = sender

    def send(self, mail: Mail) -> None:
        """Hand the mail to the server.

        Raises:
            MailRefusedError: The server did not take it, or did not answer.
        """
        message = as_message(mail, self._sender)
        try:
            client = self._connect()
            try:
                client.send_message(message)
            finally:
                _leave(client)
        except (OSError, smtplib.SMTPException) as error:
            raise MailRefusedError(_said(error)) from error

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        if server.scheme == "smtps":
            client: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=TIMEOUT_S, context=ssl.create_default_context()
            )
        else:
            client = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_S)
        try:
            self._greet(client)
        except BaseException:
            client.close()
            raise
        return client

    def _greet(self, client: smtplib.SMTP) -> None:
        if self._server.scheme == "smtp+starttls":
            client.starttls(context=ssl.create_default_context())
        if self._server.username:
            client.login(self._server.username, self._server.password)


def _said(error: Exception) -> str:
    """Return what the server answered, or what went wrong when it did not."""
    answer: tuple[int, bytes | str] | None = None
    if isinstance(error, smtplib.SMTPResponseException):
        answer = (error.smtp_code, error.smtp_error)
    elif isinstance(error, smtplib.SMTPRecipientsRefused):
        answer = next(iter(error.recipients.values()))
    if answer is None:
        return f"{type(error).__name__}: {error}"
    code, text = answer
    return f"{code} {text.decode(errors='replace') if isinstance(text, bytes) else text}"


def _leave(client: smtplib.SMTP) -> None:
    """Say goodbye. What the server answers does not matter: the mail was taken, or refused, before."""
    with suppress(smtplib.SMTPException, OSError):
        client.quit()
    client.close()
