"""`huiyin:notify`: tell people, in the inbox and by mail; customers by mail (XC-M-1 to XC-M-3)."""

from collections.abc import Mapping
from typing import Any

from service.domain.errors import BadInputError
from service.domain.notifications import CHANNELS
from service.usecases import notifications
from service.usecases.execution.registry import HouseJob


def notify(job: HouseJob) -> Mapping[str, Any]:
    """Write the notifications and hand the mails to the workers.

    The sender is whoever finished the step before: his department hears when a mail cannot be sent (XC-M-4).
    """
    channels = job.texts("channels") or list(CHANNELS)
    unknown = [channel for channel in channels if channel not in CHANNELS]
    if unknown:
        raise BadInputError(
            f"Expected channels of {CHANNELS}, but got {unknown}.",
            message=f"输入 channels 只能是{'、'.join(CHANNELS)}，实际为 {unknown}。",
        )
    reached = notifications.notify(
        job.unit,
        to=job.texts("to"),
        cc=job.texts("cc"),
        subject=job.text("subject"),
        body=job.text("body"),
        channels=channels,
        message_id=job.opened.headers.get("messageId"),
        case_key=job.instance.case_key,
        customer_email=_customer_email(job),
        attach_form=job.value("attach_form"),
        sender_group=job.who.department,
    )
    return {"notified": list(reached)}


def _customer_email(job: HouseJob) -> str | None:
    value = job.value("contact_email")
    return value if isinstance(value, str) and value else None


HANDLERS = {"huiyin:notify": notify}
