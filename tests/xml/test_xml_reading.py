"""XML from strangers is read with every door shut and within bounds."""

import pytest

from service.domain.errors import DeploymentRefusedError
from service.xml import Bounds, local_name, read_tree, source_line

BOUNDS = Bounds(largest=400, most_elements=5, deepest=3)
DOCTYPE = b"<!DOCTYPE a>"
INTERNAL = b'<!DOCTYPE a [<!ENTITY e "v">]>'
OUTSIDE = b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize(
    ("xml", "rule"),
    [
        (b"", "xml_syntax"),
        (b"text", "xml_syntax"),
        (b"<a><b></a>", "xml_syntax"),
        (b"<a>&unknown;</a>", "xml_syntax"),
        (DOCTYPE + b"<a/>", "xml_doctype"),
        (INTERNAL + b"<a>&e;</a>", "xml_doctype"),
        (OUTSIDE + b"<a>&e;</a>", "xml_doctype"),
        (INTERNAL + b"<a>&other;</a>", "xml_doctype"),
        (b"<a>" + b"<b/>" * 5 + b"</a>", "xml_size"),
        (b"<a><b><c><d/></c></b></a>", "xml_depth"),
        (b"<a>" + b" " * 394 + b"</a>", "xml_size"),
    ],
)
def test_what_is_hostile_or_no_xml_is_refused(xml: bytes, rule: str) -> None:
    """The finding names the check, and the sentence the format that was expected."""
    with pytest.raises(DeploymentRefusedError) as caught:
        read_tree(xml, "bad.dmn", "DMN", BOUNDS)

    assert [finding.rule for finding in caught.value.findings] == [rule]
    assert caught.value.findings[0].resource == "bad.dmn"
    assert "a readable DMN file" in caught.value.detail
    assert caught.value.detail.isascii()


@pytest.mark.parametrize(
    "xml",
    [
        b"<a>" + b"<b/>" * 4 + b"</a>",
        b"<a><b><c/></b></a>",
        b"<a>" + b" " * 393 + b"</a>",
    ],
)
def test_what_just_fits_is_read(xml: bytes) -> None:
    """The bounds themselves are allowed."""
    assert local_name(read_tree(xml, "good.dmn", "DMN", BOUNDS)) == "a"


def test_names_lines_and_no_comments_are_given() -> None:
    """Comments and processing instructions are no content."""
    root = read_tree(
        b'<?xml version="1.0"?>\n<x:a xmlns:x="urn:x">\n<!-- no --><?no no?><b/></x:a>',
        "",
        "X",
        BOUNDS,
    )

    assert local_name(root) == "a"
    assert [(local_name(node), source_line(node)) for node in root] == [("b", 3)]


@pytest.mark.parametrize(
    ("xml", "told"),
    [
        (b"", "文件是空的"),
        (b"\n", "文件是空的"),
        (b"\x89PNG\r\n", "图片"),
        (b"PK\x03\x04", "压缩包"),
    ],
)
def test_a_wrong_file_is_told_in_plain_words(xml: bytes, told: str) -> None:
    """Whoever picked a picture by mistake reads no message of a parser."""
    with pytest.raises(DeploymentRefusedError) as caught:
        read_tree(xml, "bad.bpmn", "BPMN", BOUNDS)

    assert told in caught.value.findings[0].message
