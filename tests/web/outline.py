"""What a page is to somebody who hears it: headings in order, names of fields, places and buttons."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from lxml import html
from lxml.html import HtmlElement

FIELDS = "//input[not(@type='hidden')] | //select | //textarea"
NEVER_WITHIN_ITSELF = ("a", "button", "form", "label", "time")
POINTING = ("aria-labelledby", "aria-controls", "aria-describedby", "for")


def mistakes_of(page: str) -> list[str]:
    """Return what in a page would be told wrongly or not at all, in words; empty for a good page."""
    document = html.document_fromstring(page)
    return [
        *_of_headings(document),
        *_of_places(document),
        *_of_names(document),
        *_of_ids(document),
        *_of_nesting(document),
    ]


def _of_headings(document: HtmlElement) -> Iterator[str]:
    if (count := len(document.xpath("//h1"))) != 1:
        yield f"headings of level 1: {count}"
    levels = [
        int(one.tag[1]) for one in document.xpath("//main//*[self::h1 or self::h2 or self::h3]")
    ]
    if levels[:1] != [1]:
        yield f"the first heading is of level {levels[:1]}"
    for before, after in pairwise(levels):
        if after > before + 1:
            yield f"a heading of level {after} follows one of level {before}"


def _of_places(document: HtmlElement) -> Iterator[str]:
    if not document.get("lang"):
        yield "the page does not say its language"
    if len(document.xpath("//main")) != 1:
        yield "there is not one main part"
    for place in document.xpath("//body//nav[not(@aria-label)]"):
        yield f"a navigation has no name: {_source(place)}"
    outside = document.xpath(
        "//body//*[self::a or self::button][not(ancestor::main or ancestor::nav or ancestor::header"
        " or ancestor::dialog or @class='hy-skip')]"
    )
    for element in outside:
        yield f"outside of all places: {_source(element)}"
    for group in document.xpath("//fieldset[not(*[1][self::legend])]"):
        yield f"a group of fields has no legend: {_source(group)}"
    for head in document.xpath("//th[not(@scope)]"):
        yield f"the head of a column has no scope: {_source(head)}"


def _of_names(document: HtmlElement) -> Iterator[str]:
    labelled = {label.get("for") for label in document.xpath("//label[@for]")}
    for field in document.xpath(FIELDS):
        own = field.get("aria-label") or field.get("id") in labelled - {None}
        if not own and not any(
            label.text_content().strip() for label in field.iterancestors("label")
        ):
            yield f"a field has no label: {_source(field)}"
    for element in document.xpath("//a | //button | //summary"):
        if not element.get("aria-label") and not element.text_content().strip():
            yield f"nothing says where it leads: {_source(element)}"
    for picture in document.xpath("//img[not(@alt)] | //svg[not(@aria-hidden) and not(@role)]"):
        yield f"a picture says nothing: {_source(picture)}"


def _of_ids(document: HtmlElement) -> Iterator[str]:
    ids = Counter(document.xpath("//@id"))
    yield from (f"two elements are called {name}" for name, count in ids.items() if count > 1)
    for attribute in POINTING:
        for element in document.xpath(f"//*[@{attribute}]"):
            for name in element.get(attribute).split():
                if name not in ids:
                    yield f"{attribute} names nothing: {_source(element)}"


def _of_nesting(document: HtmlElement) -> Iterator[str]:
    for tag in NEVER_WITHIN_ITSELF:
        for element in document.xpath(f"//{tag}//{tag}"):
            yield f"a {tag} within a {tag}: {_source(element)}"
    for element in document.xpath("//a//button | //button//a | //ul/*[not(self::li)]"):
        yield f"out of its place: {_source(element)}"


def _source(element: HtmlElement) -> str:
    source: str = html.tostring(element, encoding="unicode")
    return source[:120]
