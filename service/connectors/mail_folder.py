"""Mail without a mail server: each one becomes an `.eml` file that any mail program opens."""

import os
import time
from pathlib import Path
from re import sub

from service.connectors.mail_message import as_message
from service.domain.outside import Mail, MailRefusedError


class MailFolder:
    """The port `MailPort` on a folder. A file is there whole or not at all."""

    def __init__(self, folder: Path, sender: str) -> None:
        """Take the folder, made when the first mail comes, and the address of the house."""
        self._folder = folder
        self._sender = sender

    def send(self, mail: Mail) -> None:
        """Write the mail; its file is named by the moment and the message id.

        Raises:
            MailRefusedError: An address cannot be one, or the folder cannot be written.
        """
        content = as_message(mail, self._sender).as_bytes()
        path = self._folder / f"{_now()}-{_plain(mail.message_id)}.eml"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            _write(path, content)
        except OSError as error:
            raise MailRefusedError(f"Expected to write the mail, but: {error.strerror}.") from error


def _write(path: Path, content: bytes) -> None:
    """Write beside and rename, so that a reader never sees half a mail."""
    beside = path.with_suffix(f".{os.getpid()}.part")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def _now() -> str:
    return time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())


def _plain(message_id: str) -> str:
    return sub(r"[^A-Za-z0-9._-]+", "_", message_id).strip("_.")[:120]
