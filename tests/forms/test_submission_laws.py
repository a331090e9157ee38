"""Laws that hold for every form value, whatever it is."""

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.feel import Surroundings
from service.forms import Form, Submission, initial_data, read_only_view, validate

FORM: list[dict[str, Any]] = [
    {"type": "textfield", "key": "text", "validate": {"maxLength": 5, "pattern": "^[^x]*$"}},
    {"type": "textarea", "key": "area", "conditional": {"hide": "=tick = true"}},
    {"type": "number", "key": "number", "decimalDigits": 1, "validate": {"min": 0}},
    {"type": "number", "key": "exact", "serializeToString": True},
    {"type": "checkbox", "key": "tick"},
    {"type": "select", "key": "one", "values": ["a", 1, True]},
    {"type": "taglist", "key": "many", "values": ["a", "b", 2]},
    {"type": "datetime", "key": "at", "subtype": "datetime"},
    {"type": "filepicker", "key": "files"},
    {"type": "expression", "key": "twice", "expression": "=number * 2"},
    {
        "type": "dynamiclist",
        "path": "rows",
        "components": [
            {"type": "number", "key": "n"},
            {"type": "group", "path": "g", "components": [{"type": "textfield", "key": "t"}]},
        ],
    },
]
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.floats(),
    st.sampled_from(["", "a", "x", "1", "1.50", "2026-11-24T10:00", "很长很长的文字"]),
    st.text(max_size=3),
)
KEYS = st.sampled_from(
    [*(part.get("key") or part["path"] for part in FORM), "n", "g", "t", "unknown", ""]
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=8,
)
SUBMISSIONS = st.dictionaries(KEYS, JSON, max_size=8)
LAW = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@LAW
@given(submitted=SUBMISSIONS, variables=SUBMISSIONS)
def test_any_json_is_judged_and_shown_without_an_error(
    make: Callable[..., Form], surroundings: Surroundings, submitted: Any, variables: Any
) -> None:
    """Hostile submissions and broken variables end in problems and lines, never in a crash."""
    form = make(*FORM)

    submission = validate(
        form, submitted, variables=variables, auto={}, documents={}, surroundings=surroundings
    )
    initial_data(form, variables, {}, surroundings)
    shown = read_only_view(form, submission.values, variables, surroundings)

    assert all(problem.message for problem in submission.problems)
    assert all(line.text for line in shown)


@LAW
@given(submitted=SUBMISSIONS)
def test_accepted_values_are_accepted_again_unchanged(
    submit: Callable[..., Submission], submitted: Any
) -> None:
    """What was stored may be sent again: the second round finds nothing and changes nothing."""
    first = submit(FORM, submitted)

    second = submit(FORM, first.values) if not first.problems else first

    assert second.values == first.values
    assert second.problems == first.problems
