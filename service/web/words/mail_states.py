"""How the states of a mail are called and coloured."""

from service.web.words.texts import gettext


def state_text(state: str) -> str:
    """Return how a mail's state is called."""
    texts = {
        "WAITING": gettext("等待发送"),
        "SENDING": gettext("正在发送"),
        "SENT": gettext("已发送"),
        "FAILED": gettext("发送失败"),
    }
    return texts.get(state, state)


def state_class(state: str) -> str:
    """Return the colour of a mail's state."""
    return {"SENT": "is-success", "FAILED": "is-danger"}.get(state, "is-warning")
