"""What the viewer is given when a form is opened."""

from collections.abc import Callable

from service.feel import Surroundings
from service.forms import Form, initial_data

Make = Callable[..., Form]


def test_only_what_the_form_names_is_given(make: Make, surroundings: Surroundings) -> None:
    """Bound variables, those read in expressions and option lists; no other leaves the server."""
    form = make(
        {"type": "textfield", "key": "customer.name"},
        {"type": "textfield", "key": "b", "conditional": {"hide": "=severity > 1"}},
        {"type": "select", "key": "c", "valuesKey": "departments"},
        {"type": "select", "key": "d", "valuesExpression": "=notices.no"},
        {"type": "text", "text": "您好，{{contact}}"},
    )
    variables = {
        "customer": {"name": "晨光"},
        "severity": 2,
        "departments": ["质量部"],
        "notices": [{"no": 1}],
        "contact": "王小明",
        "penalty": "secret",
    }

    data = initial_data(form, variables, {}, surroundings)

    assert data == {name: value for name, value in variables.items() if name != "penalty"}


def test_defaults_stand_where_the_case_has_nothing(make: Make, surroundings: Surroundings) -> None:
    """A variable, even null, is stronger than a default."""
    form = make(
        {"type": "number", "key": "a", "defaultValue": 1},
        {"type": "number", "key": "b", "defaultValue": 1},
        {"type": "number", "key": "c.d", "defaultValue": 1},
        {"type": "number", "key": "e", "defaultValue": 1},
    )

    data = initial_data(form, {"a": 5, "e": None}, {}, surroundings)

    assert data == {"a": 5, "b": 1, "c": {"d": 1}, "e": None}


def test_lists_begin_with_their_default_rows(make: Make, surroundings: Surroundings) -> None:
    """Rows of the case are kept; without any the form's number of rows is begun."""
    rows = {
        "type": "dynamiclist",
        "defaultRepetitions": 2,
        "components": [{"type": "number", "key": "n", "defaultValue": 7}],
    }
    form = make({**rows, "path": "new"}, {**rows, "path": "old"})

    data = initial_data(form, {"old": [{"n": 1}, "broken"]}, {}, surroundings)

    assert data == {"new": [{"n": 7}, {"n": 7}], "old": [{"n": 1}, {"n": 7}]}


def test_automatic_and_computed_values_are_there_at_once(
    make: Make, surroundings: Surroundings
) -> None:
    """The person sees what the server will write."""
    form = make(
        {"type": "textfield", "key": "who", "properties": {"auto": "user_name"}},
        {"type": "datetime", "key": "on", "subtype": "date", "properties": {"auto": "now"}},
        {"type": "expression", "key": "twice", "expression": "=n * 2"},
    )

    data = initial_data(form, {"n": 4, "who": "earlier"}, {"user_name": "王小明"}, surroundings)

    assert data == {"n": 4, "who": "王小明", "on": "2026-11-24", "twice": 8}


def test_the_variables_themselves_are_not_changed(make: Make, surroundings: Surroundings) -> None:
    """What the viewer gets is a copy."""
    form = make(
        {"type": "dynamiclist", "path": "rows", "components": [{"type": "number", "key": "n"}]},
        {"type": "number", "key": "g.n", "defaultValue": 1},
    )
    variables: dict[str, object] = {"rows": ["broken"], "g": {"x": 1}}

    initial_data(form, variables, {}, surroundings)

    assert variables == {"rows": ["broken"], "g": {"x": 1}}
