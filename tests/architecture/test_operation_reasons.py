"""Every reason by which an operator's command is refused has its sentence, with the facts it has."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import service
from service.api.operation_texts import REASONS
from service.web.words.operation_texts import REASONS as WEB_REASONS

ROOM = Path(service.__file__).parent
SOURCES = (
    *(ROOM / "engine").glob("modif*.py"),
    *(ROOM / "engine").glob("migrat*.py"),
    *(
        ROOM / "usecases" / f"{name}.py"
        for name in (
            "modification",
            "migration",
            "deletion",
            "incidents",
            "process_instances",
            "live_instances",
        )
    ),
    *(ROOM / "usecases" / "batch_operations").glob("*.py"),
    ROOM / "usecases" / "execution" / "running.py",
)


def _untranslated(lazy: Any) -> str:
    """Return the text that a lazy one is looked up by."""
    text: str = lazy._args[0]
    return text


def _raised() -> Iterator[tuple[str, set[str]]]:
    """Give every reason with the facts beside it."""
    for path in SOURCES:
        for call in ast.walk(ast.parse(path.read_text())):
            if not isinstance(call, ast.Call):
                continue
            named = {word.arg: word.value for word in call.keywords if word.arg}
            first = call.args[0] if call.args else None
            reason = named.get("reason")
            is_refused = getattr(call.func, "id", "").lstrip("_") == "refused"
            value = first if is_refused else reason
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                yield value.value, set(named)


RAISED = sorted({(reason, *sorted(facts)) for reason, facts in _raised()})


@pytest.mark.parametrize("reason_and_facts", RAISED, ids=lambda one: one[0])
def test_a_reason_has_its_sentence_in_every_language(reason_and_facts: tuple[str, ...]) -> None:
    """All that a sentence names is a fact of the error."""
    reason, *facts = reason_and_facts
    text = REASONS[reason]
    for told in (text.simplified, text.traditional):
        assert set(re.findall(r"\{(\w+)\}", told)) <= set(facts)
    assert set(re.findall(r"%\((\w+)\)s", _untranslated(WEB_REASONS[reason]))) <= set(facts)


def test_no_sentence_is_left_of_a_reason_that_is_gone() -> None:
    """Both tables name the same reasons, and each of them is raised somewhere."""
    assert set(REASONS) == set(WEB_REASONS) == {one[0] for one in RAISED} | {"again"}
