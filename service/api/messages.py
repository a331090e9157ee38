"""Messages: publish, correlate; who waits for one and who got one."""

from collections.abc import Callable
from datetime import timedelta

from flask import Blueprint, Response

from service.api import wire
from service.api.business_ids import business_id_of
from service.api.context import house, person
from service.api.reading import search_answer
from service.api.routes import SENDS_MESSAGES, SIGNED_IN, answer, route
from service.api.violations import require_all
from service.reports.search.message_subscriptions import CORRELATED_NOUN, NOUN
from service.reports.search.wire import TENANT
from service.usecases import messages as usecases

blueprint = Blueprint("api_messages", __name__)


@route(blueprint, "POST", "/messages/publication", SENDS_MESSAGES, command="PUBLISH")
def publish() -> Response:
    """Publish a message; it waits `timeToLive` milliseconds for those who are not there yet."""
    body = _body()
    require_all(*_named(body), lambda: business_id_of(body))
    published = usecases.publish(
        house(),
        person(),
        usecases.PublishMessage(
            name=body.required_text("name"),
            correlation_key=body.text("correlationKey"),
            variables=body.variables(),
            time_to_live=body.milliseconds("timeToLive", timedelta(0)),
            message_id=body.text("messageId") or None,
            business_id=business_id_of(body),
        ),
    )
    return answer({"tenantId": TENANT, "messageKey": str(published.message_key)})


@route(blueprint, "POST", "/messages/correlation", SENDS_MESSAGES, command="CORRELATE")
def correlate() -> Response:
    """Give a message to somebody who waits now."""
    body = _body()
    require_all(*_named(body))
    correlated = usecases.correlate(
        house(),
        person(),
        usecases.PublishMessage(
            name=body.required_text("name"),
            correlation_key=body.text("correlationKey"),
            variables=body.variables(),
            business_id=business_id_of(body),
        ),
    )
    return answer(
        {
            "tenantId": TENANT,
            "messageKey": str(correlated.message_key),
            "processInstanceKey": str(correlated.instance_key),
        }
    )


@route(blueprint, "POST", "/message-subscriptions/search", SIGNED_IN)
def search() -> Response:
    """Return the subscriptions: of whom waits, whom a message has reached, and what messages start."""
    return search_answer(NOUN)


@route(blueprint, "POST", "/correlated-message-subscriptions/search", SIGNED_IN)
def search_correlated() -> Response:
    """Return the messages that reached somebody."""
    return search_answer(CORRELATED_NOUN)


def _named(body: wire.Body) -> tuple[Callable[[], object], ...]:
    """Return the reads of what a message is known by."""
    return (
        lambda: body.required_text("name"),
        lambda: usecases.require_length("correlationKey", body.text("correlationKey")),
    )


def _body() -> wire.Body:
    body = wire.body()
    body.check_tenant()
    return body
