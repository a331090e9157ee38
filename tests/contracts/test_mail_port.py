"""The port `MailPort`: what the folder, the mail server and the fake of the tests promise alike."""

import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from service.connectors.mail_folder import MailFolder
from service.connectors.smtp import SmtpMail, SmtpServer
from service.domain.outside import Mail, MailAttachment, MailPort, MailRefusedError
from tests.contracts.smtp_server import Kept, serve

SENDER = "huiyin@example.com"
LETTER = Mail(
    message_id="<mail.123@huiyin>",
    recipient="wang.fang@example.com",
    subject="投诉 20261124-TEL-001 已受理",
    body="王芳，您好：\n.\n您的投诉已受理。\n",
    attachments=(
        MailAttachment("处理单.pdf", "application/pdf", b"%PDF-1.4\r\n\x00\xff"),
        MailAttachment("说明.txt", "text/plain", "第一行\n".encode()),
    ),
)


@dataclass
class Port:
    """A real part, and how to see what came out of it."""

    port: MailPort
    came: Callable[[], list[bytes]]


@pytest.fixture(params=["folder", "smtp"])
def real(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Port]:
    """Give each real part."""
    if request.param == "folder":
        folder = tmp_path / "mail"
        yield Port(
            MailFolder(folder, SENDER),
            lambda: [path.read_bytes() for path in sorted(folder.glob("*.eml"))],
        )
        return
    with serve() as kept:
        yield Port(SmtpMail(f"smtp://127.0.0.1:{kept.port}", SENDER), lambda: kept.messages)


@pytest.fixture
def kept() -> Iterator[Kept]:
    """Give a running mail server."""
    with serve() as running:
        yield running


def parsed(content: bytes) -> EmailMessage:
    """Return a message as a mail program reads it."""
    return message_from_bytes(content, policy=default)


def test_a_mail_arrives_as_it_was_written(real: Port) -> None:
    """Addresses, subject, text and files come out as they went in, Chinese included."""
    real.port.send(LETTER)

    [message] = [parsed(content) for content in real.came()]
    body = message.get_body()
    assert body is not None
    assert (message["From"], message["To"]) == (SENDER, LETTER.recipient)
    assert message["Subject"] == LETTER.subject
    assert body.get_content().replace("\r\n", "\n") == LETTER.body
    files = [
        (part.get_filename(), part.get_content_type(), part.get_payload(decode=True))
        for part in message.iter_attachments()
    ]
    assert files == [
        (file.file_name, file.content_type, file.content) for file in LETTER.attachments
    ]


def test_the_message_id_is_the_same_at_each_attempt(real: Port) -> None:
    """A mail that was sent twice is recognised by its receiver."""
    real.port.send(LETTER)
    real.port.send(replace(LETTER, body="第二次发送"))

    ids = {parsed(content)["Message-ID"] for content in real.came()}
    assert ids == {LETTER.message_id}


def test_a_line_break_in_the_subject_adds_no_header(real: Port) -> None:
    """A text that a customer typed cannot give the mail another receiver."""
    real.port.send(replace(LETTER, subject="你好\r\nBcc: thief@example.com"))

    [message] = [parsed(content) for content in real.came()]
    assert message["Bcc"] is None
    assert message["Subject"] == "你好 Bcc: thief@example.com"


@pytest.mark.parametrize("recipient", ["", "nobody", "a@b@c", "a@b\r\nBcc: thief@example.com"])
def test_what_is_no_address_is_refused(real: Port, recipient: str) -> None:
    """Nothing leaves the house for a recipient that cannot be one."""
    with pytest.raises(MailRefusedError):
        real.port.send(replace(LETTER, recipient=recipient))

    assert real.came() == []


def test_the_folder_holds_whole_mails_only(tmp_path: Path) -> None:
    """Nothing but `.eml` files is left, named by moment and message id."""
    MailFolder(tmp_path, SENDER).send(LETTER)

    [path] = tmp_path.iterdir()
    moment, _, rest = path.name.partition("-")
    assert rest == "mail.123_huiyin.eml"
    assert (len(moment), moment[-1]) == (16, "Z")


def test_a_folder_that_cannot_be_written_refuses(tmp_path: Path) -> None:
    """The mail is not taken, and the text says why."""
    occupied = tmp_path / "mail"
    occupied.write_text("a file stands in the way")

    with pytest.raises(MailRefusedError, match="Expected to write the mail"):
        MailFolder(occupied, SENDER).send(LETTER)


def test_a_recipient_unknown_to_the_server_is_refused_with_its_words(kept: Kept) -> None:
    """The error says what the other side said."""
    kept.refused.add(LETTER.recipient)

    with pytest.raises(MailRefusedError, match="550 no such user"):
        SmtpMail(f"smtp://127.0.0.1:{kept.port}", SENDER).send(LETTER)


def test_a_mail_that_was_taken_counts_whatever_follows(kept: Kept) -> None:
    """A server that ends badly after taking the mail does not make us send it again."""
    kept.quits_badly = True

    SmtpMail(f"smtp://127.0.0.1:{kept.port}", SENDER).send(LETTER)

    assert len(kept.messages) == 1


def test_a_password_is_given_when_the_url_has_one(kept: Kept) -> None:
    """User name and password may hold any character, percent-encoded."""
    SmtpMail(f"smtp://bot:p%40ss@127.0.0.1:{kept.port}", SENDER).send(LETTER)

    credentials = base64.b64encode(b"\0bot\0p@ss").decode()
    assert f"AUTH PLAIN {credentials}" in kept.commands


def test_a_password_never_travels_without_the_tls_that_was_asked_for(kept: Kept) -> None:
    """A server without STARTTLS is refused; it sees neither password nor mail."""
    with pytest.raises(MailRefusedError):
        SmtpMail(f"smtp+starttls://bot:secret@127.0.0.1:{kept.port}", SENDER).send(LETTER)

    assert kept.messages == []
    assert not any(command.startswith("AUTH") for command in kept.commands)


def test_a_server_that_is_down_refuses() -> None:
    """Nobody listens: the mail is not taken, to be tried again later."""
    with serve() as kept:
        port = kept.port

    with pytest.raises(MailRefusedError, match="ConnectionRefusedError"):
        SmtpMail(f"smtp://127.0.0.1:{port}", SENDER).send(LETTER)


@pytest.mark.parametrize(
    ("url", "port"), [("smtp://mail", 25), ("smtps://mail", 465), ("smtp+starttls://mail", 587)]
)
def test_each_scheme_has_its_usual_port(url: str, port: int) -> None:
    """A URL need not name the port."""
    assert SmtpServer.of(url).port == port


@pytest.mark.parametrize("url", ["", "mail:25", "http://mail", "smtp://"])
def test_a_url_that_names_no_mail_server_is_refused(url: str) -> None:
    """A wrong setting is found at the start, and its text shows no password."""
    with pytest.raises(ValueError, match="Expected a mail server"):
        SmtpMail(url, SENDER)


def test_a_password_is_not_shown() -> None:
    """What is printed of a server in a log or an error has no password in it."""
    assert "hidden-word" not in repr(SmtpServer.of("smtp://bot:hidden-word@mail"))
