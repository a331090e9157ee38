"""Every text of the pages is there in every language."""

from collections.abc import Iterator
from pathlib import Path
from re import findall

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from service import web
from service.web.request.languages import DEFAULT
from service.web.words.catalogs import catalog

ROOM = Path(web.__file__).parent
TRANSLATED = ["en", "zh_Hant_TW"]
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None}
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
HAN = r"[一-鿿]"


def _texts() -> Iterator[tuple[str, str]]:
    found = extract_from_dir(
        str(ROOM),
        method_map=METHODS,
        options_map={"**/templates/**.html": {"extensions": "jinja2.ext.i18n"}},
        keywords=KEYWORDS,
    )
    for file, _line, text, _comments, _context in found:
        yield file, str(text)


@pytest.fixture(scope="module")
def texts() -> set[str]:
    """Every text of the sources and templates."""
    return {text for _file, text in _texts()}


def _catalog(language: str) -> Catalog:
    with (ROOM / "translations" / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language)


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_is_translated(language: str, texts: set[str]) -> None:
    """No reader of English or Traditional Chinese meets a text that nobody translated."""
    catalog = _catalog(language)
    missing = sorted(
        text for text in texts if not (message := catalog.get(text)) or not message.string
    )
    assert missing == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_translation_is_left_of_a_text_that_is_gone(language: str, texts: set[str]) -> None:
    """The catalogs hold nothing that no page says."""
    assert {str(message.id) for message in _catalog(language) if message.id} - texts == set()


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_keep_the_placeholders(language: str) -> None:
    """A translation names the same values as the text it translates."""
    for message in _catalog(language):
        expect = sorted(findall(r"%\((\w+)\)", str(message.id)))
        assert sorted(findall(r"%\((\w+)\)", str(message.string))) == expect or not message.id


def test_english_holds_no_chinese() -> None:
    """An English text is English."""
    catalog = _catalog("en")
    assert [
        message.string for message in catalog if message.id and findall(HAN, str(message.string))
    ] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_pages_say_what_the_text_files_say(language: str) -> None:
    """Every translation of a catalog reaches the reader."""
    read = catalog(language)
    assert {
        str(message.id): read.gettext(str(message.id))
        for message in _catalog(language)
        if message.id
    } == {str(message.id): message.string for message in _catalog(language) if message.id}


def test_the_language_of_the_sources_needs_no_catalog() -> None:
    """A text in Simplified Chinese is its own translation."""
    assert catalog(DEFAULT).gettext("任务") == "任务"


def test_templates_say_nothing_outside_of_the_catalogs() -> None:
    """No Chinese text stands in a template without `_()`."""
    loose = []
    for template in sorted((ROOM / "templates").glob("*.html")):
        for number, line in enumerate(template.read_text(encoding="utf-8").splitlines(), start=1):
            bare = "".join(part for part in _without_calls(line))
            if findall(HAN, bare):
                loose.append(f"{template.name}:{number}: {line.strip()}")
    assert loose == []


def _without_calls(line: str) -> Iterator[str]:
    depth = 0
    index = 0
    while index < len(line):
        if depth == 0 and line.startswith("_(", index):
            depth, index = 1, index + 2
            continue
        char = line[index]
        if depth:
            depth += (char == "(") - (char == ")")
        else:
            yield char
        index += 1
