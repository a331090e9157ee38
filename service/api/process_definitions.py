"""Process definitions: search, one, its XML, its start form, its statistics."""

from flask import Blueprint, Response

from service.api import wire
from service.api.context import house, person
from service.api.reading import counted_answer, found, require_visible, search_answer
from service.api.routes import SIGNED_IN, answer, done, listed, route
from service.reports.search import contents, definition_statistics, statistics
from service.reports.search.process_definitions import NOUN

blueprint = Blueprint("api_process_definitions", __name__)

XML = "text/xml; charset=utf-8"


@route(blueprint, "POST", "/process-definitions/search", SIGNED_IN)
def search() -> Response:
    """Return the definitions that the body asks for."""
    return search_answer(NOUN)


@route(blueprint, "GET", "/process-definitions/<process_key>", SIGNED_IN)
def one(process_key: int) -> Response:
    """Return a definition."""
    return found(NOUN, process_key)


@route(blueprint, "GET", "/process-definitions/<process_key>/xml", SIGNED_IN)
def xml(process_key: int) -> Response:
    """Return the BPMN file as it was deployed."""
    with house().database.reading() as connection:
        file = contents.process_file(connection, process_key)
    return Response(file.content, content_type=XML)


@route(blueprint, "GET", "/process-definitions/<process_key>/form", SIGNED_IN)
def start_form(process_key: int) -> Response:
    """Return the start form, or 204 when the process has none."""
    with house().database.reading() as connection:
        form = contents.start_form(connection, process_key)
    return done() if form is None else answer(contents.show_form(form))


@route(
    blueprint,
    "POST",
    "/process-definitions/<process_key>/statistics/element-instances",
    SIGNED_IN,
)
def element_statistics(process_key: int) -> Response:
    """Return how many element instances are active, completed, canceled, in incident, by element."""
    require_visible(NOUN, process_key)
    filters = wire.json_object().get("filter")
    with house().database.reading() as connection:
        return listed(statistics.of_definition(connection, person(), process_key, filters))


@route(blueprint, "POST", "/process-definitions/<process_key>/variable-names/search", SIGNED_IN)
def variable_names(process_key: int) -> Response:
    """Return the names of the variables that instances of a definition have."""
    require_visible(NOUN, process_key)
    filters = wire.json_object().get("filter")
    return counted_answer(definition_statistics.variable_names(person(), process_key, filters))


@route(blueprint, "POST", "/process-definitions/statistics/process-instances", SIGNED_IN)
def statistics_by_process() -> Response:
    """Return how many instances run with and without incident, by process."""
    return counted_answer(definition_statistics.by_process(person()))


@route(blueprint, "POST", "/process-definitions/statistics/process-instances-by-version", SIGNED_IN)
def statistics_by_version() -> Response:
    """Return the same for one process, by version."""
    filters = wire.body().inner("filter")
    filters.check_tenant()
    process_id = filters.required_text("processDefinitionId")
    return counted_answer(definition_statistics.by_version(person(), process_id))


@route(blueprint, "POST", "/process-definitions/statistics/message-subscriptions", SIGNED_IN)
def statistics_of_subscriptions() -> Response:
    """Return how many message subscriptions are open, by definition."""
    filters = wire.json_object().get("filter")
    return counted_answer(definition_statistics.by_subscriptions(person(), filters))
