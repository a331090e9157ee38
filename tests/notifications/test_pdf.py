"""Slips on paper hold what they were given, however long it is."""

import re
import zlib
from base64 import a85decode

from service.notifications.slips import Section, slip

STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
SHOWN = re.compile(rb"\((.*?)(?<!\\)\) Tj", re.DOTALL)
ESCAPED = re.compile(rb"\\([0-7]{3}|.)", re.DOTALL)


def text_of(pdf: bytes) -> str:
    """Return the text that the pages show, one piece after another."""
    found = []
    for stream in STREAM.findall(pdf):
        page = zlib.decompress(a85decode(stream.strip().removesuffix(b"~>")))
        found += [ESCAPED.sub(_unescaped, piece) for piece in SHOWN.findall(page)]
    return "".join(piece.decode("utf-16-be") for piece in found)


def _unescaped(found: re.Match[bytes]) -> bytes:
    sign = found.group(1)
    plain = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
    return bytes([int(sign, 8)]) if len(sign) == 3 else plain.get(sign, sign)


def test_a_slip_shows_its_title_headings_lines_and_page() -> None:
    """In the order they were given."""
    section = Section("登记反馈", [("顾客名称", "百灵文具"), ("备注", "")])
    shown = text_of(slip("顾客反馈受理单", "20261124-TEL-001", [section]))
    assert shown == "第 1 页顾客反馈受理单20261124-TEL-001登记反馈顾客名称百灵文具备注"


def test_signs_of_markup_are_plain_text() -> None:
    """What a customer typed is shown, not obeyed."""
    shown = text_of(slip("a<b>", "x & y", [Section("<i>", [("<para>", "1 < 2 &amp; 3")])]))
    for part in ("a<b>", "x & y", "<i>", "<para>", "1 < 2 &amp; 3"):
        assert part in shown


def test_a_text_longer_than_a_page_runs_on() -> None:
    """Nothing is cut off, and every page has its number."""
    pdf = slip("单", "", [Section("", [("问题描述", "开胶" * 2500), ("末行", "结束")])])
    shown = text_of(pdf)
    assert shown.count("开胶") == 2500
    assert "结束" in shown
    assert "第 3 页" in shown


def test_the_same_slip_is_the_same_bytes() -> None:
    """No clock and no chance in it: an archive can be checked."""
    sections = [Section("节", [("行", "值")])]
    assert slip("单", "", sections) == slip("单", "", sections)


def test_an_empty_slip_is_still_a_page() -> None:
    """A form without fields gives a sheet with its title."""
    assert "空表" in text_of(slip("空表", "", [Section("", [])]))
