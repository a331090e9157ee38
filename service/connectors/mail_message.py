"""A mail as the bytes that travel: MIME, UTF-8."""

from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate

from service.domain.outside import Mail, MailRefusedError


def as_message(mail: Mail, sender: str) -> EmailMessage:
    """Return the message of a mail, dated now.

    Args:
        mail: What to send; line breaks in header texts become spaces.
        sender: Address of the house.

    Raises:
        MailRefusedError: An address cannot be one.

    Source: RFC 5322 §3.6.
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = _address(sender)
    message["To"] = _address(mail.recipient)
    message["Subject"] = " ".join(mail.subject.splitlines())
    message["Message-ID"] = _message_id(mail.message_id)
    message["Date"] = formatdate(usegmt=True)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.body, cte="base64")
    for file in mail.attachments:
        kind, _, detail = file.content_type.partition("/")
        message.add_attachment(
            file.content,
            maintype=kind if detail else "application",
            subtype=detail.split(";")[0].strip() or "octet-stream",
            filename=file.file_name,
        )
    return message


def _address(text: str) -> Address:
    try:
        return Address(addr_spec=text.strip())
    except (ValueError, IndexError, HeaderParseError) as error:
        raise MailRefusedError(f"Expected a mail address, but got '{text}'.") from error


def _message_id(text: str) -> str:
    return text if text.startswith("<") else f"<{text}>"
