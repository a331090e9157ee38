"""发出的邮件: what the house wrote to people, readable by administrators in the browser."""

from flask import Blueprint, Response, make_response, render_template, request, url_for

from service.domain.errors import NotFoundError
from service.identity import policy
from service.reports import mails as report
from service.usecases import mails
from service.web.frame import files
from service.web.parts.facts import Fact
from service.web.request import current
from service.web.request.access import with_role
from service.web.words import formats, mail_states
from service.web.words.texts import gettext

blueprint = Blueprint("mails", __name__)

PAGE_SIZE = 50


@blueprint.app_context_processor
def _offer() -> dict[str, object]:
    return {
        "mail_state_text": mail_states.state_text,
        "mail_state_class": mail_states.state_class,
    }


@blueprint.get("/mails")
@with_role("admin")
def page() -> Response:
    """Show the mails, newest first."""
    policy.may_read_mail(current.person()).require()
    with current.reading() as connection:
        found = report.page(connection, cursor=request.args.get("cursor"), limit=PAGE_SIZE)
    next_url = url_for("web.mails.page", cursor=found.next_cursor) if found.next_cursor else ""
    return make_response(render_template("mails.html", rows=found.rows, next_url=next_url))


@blueprint.get("/mails/<int:key>")
@with_role("admin")
def mail(key: int) -> Response:
    """Show one mail with its files."""
    with current.reading() as connection:
        found = report.mail(connection, key)
    if found is None:
        raise NotFoundError(f"Expected to find a mail with key '{key}', but there is none.")
    rows = [
        Fact(gettext("收件人"), found.recipient),
        Fact(gettext("状态"), mail_states.state_text(found.state)),
        Fact(gettext("写于"), formats.moment(found.created_at)),
        Fact(gettext("发出于"), formats.moment(found.sent_at)),
        Fact(gettext("尝试次数"), str(found.attempts)),
        Fact(gettext("案件号"), found.case_no or ""),
    ]
    attached = mails.files(current.house(), current.person(), key)
    return make_response(render_template("mail.html", mail=found, rows=rows, attached=attached))


@blueprint.get("/mails/<int:key>/files/<int:position>")
@with_role("admin")
def attachment(key: int, position: int) -> Response:
    """Hand out a file of a mail as it travels; a form is made into its PDF."""
    attached = mails.files(current.house(), current.person(), key)
    if position >= len(attached):
        raise NotFoundError(f"Expected a file {position} of mail '{key}', but there is none.")
    file = attached[position]
    return files.to_save(file.file_name, file.content)
