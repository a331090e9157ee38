"""Slips on paper: a heading and lines of label and value, as PDF (书面, XC-M-1)."""

from collections.abc import Sequence
from io import BytesIO
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from service.notifications.slips import Section

FONT = "STSong-Light"
"""A font that every PDF reader with Chinese has; nothing needs to be shipped."""

registerFont(UnicodeCIDFont(FONT))

_TITLE = ParagraphStyle("title", fontName=FONT, fontSize=16, leading=22, alignment=TA_CENTER)
_UNDER = ParagraphStyle("under", fontName=FONT, fontSize=9, leading=13, alignment=TA_CENTER)
_HEADING = ParagraphStyle(
    "heading", fontName=FONT, fontSize=12, leading=16, spaceBefore=8, spaceAfter=4
)
_CELL = ParagraphStyle("cell", fontName=FONT, fontSize=9.5, leading=14, wordWrap="CJK")

LINE = HexColor("#9aa5b1")
SHADE = HexColor("#f1f4f8")


def draw(title: str, under: str, sections: Sequence[Section]) -> bytes:
    """Return a PDF in A4 with a title, a line under it, the sections and page numbers."""
    buffer = BytesIO()
    document = SimpleDocTemplate(
        buffer,
        pagesize=A4,
        leftMargin=20 * mm,
        rightMargin=20 * mm,
        topMargin=18 * mm,
        bottomMargin=18 * mm,
        title=title,
        invariant=True,
    )
    story: list[Flowable] = [Paragraph(escape(title), _TITLE), Paragraph(escape(under), _UNDER)]
    for section in sections:
        story.append(Spacer(1, 4 * mm))
        if section.heading:
            story.append(Paragraph(escape(section.heading), _HEADING))
        if section.lines:
            story.append(_table(section.lines))
    document.build(story, onFirstPage=_number, onLaterPages=_number)
    return buffer.getvalue()


def _table(lines: Sequence[tuple[str, str]]) -> Table:
    rows = [[_cell(label), _cell(value)] for label, value in lines]
    table = Table(rows, colWidths=[45 * mm, 125 * mm], splitInRow=1)
    table.setStyle(
        TableStyle(
            [
                ("GRID", (0, 0), (-1, -1), 0.5, LINE),
                ("BACKGROUND", (0, 0), (0, -1), SHADE),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ]
        )
    )
    return table


def _cell(text: str) -> Paragraph:
    return Paragraph(escape(text).replace("\n", "<br/>"), _CELL)


def _number(canvas: Canvas, _document: object) -> None:
    canvas.setFont(FONT, 8)
    canvas.drawCentredString(A4[0] / 2, 10 * mm, f"第 {canvas.getPageNumber()} 页")
