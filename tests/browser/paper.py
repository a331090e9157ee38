"""A form on the screen, filled in as a person does it: by its labels, with mouse and keyboard."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

Value = str | int | bool | datetime | Path | Sequence[str]
Values = Mapping[str, Value]

FIELD = ".fjs-form-field:not(.fjs-form-field-grouplike)"
KINDS = ("checklist", "checkbox", "datetime", "filepicker", "radio", "select", "taglist")
"""Kinds that are no plain text; longer names before those they begin with."""

TWO_FRAMES = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
"""Until form-js has drawn what was typed; no person types faster than that.

A time and Enter within one frame take what stood there before: the list of times still hears the key.
"""


class Paper:
    """The form on a page; every field is named by its label."""

    def __init__(self, page: Page, within: Locator | None = None) -> None:
        """Take the form of a page, or only a part of it."""
        self._page = page
        self._area = within or page.locator("[data-island=form]")

    def fill(self, values: Values) -> None:
        """Fill in fields, in the order given: an answer may make the next field appear."""
        for label, value in values.items():
            self._fill_field(self.field(label), value)

    def write_row(self, label: str, index: int, values: Values) -> None:
        """Fill in one entry of a list; entries that are missing are added first."""
        rows = self._area.locator(".fjs-form-field-dynamiclist").filter(has_text=label)
        entries = rows.locator(".fjs-repeat-row-container")
        # Counted before it is drawn a list seems empty, and gets an entry too many.
        expect(rows).to_be_visible()
        while (count := entries.count()) <= index:
            rows.get_by_role("button", name="添加一项").click()
            expect(entries).to_have_count(count + 1)
        Paper(self._page, entries.nth(index)).fill(values)

    def field(self, label: str) -> Locator:
        """Return the field with a label."""
        name = self._page.locator("label.fjs-form-field-label").filter(
            has_text=re.compile(rf"^{re.escape(label)}\*?$")
        )
        return self._area.locator(FIELD).filter(has=name).first

    def control(self, label: str) -> Locator:
        """Return the box of a field into which text is typed."""
        return self.field(label).locator("input, textarea").first

    def problem(self, label: str) -> Locator:
        """Return the message at a field."""
        return self.field(label).locator(".fjs-form-field-error")

    def _fill_field(self, field: Locator, value: Value) -> None:
        classes = field.get_attribute("class") or ""
        kind = next((kind for kind in KINDS if f"fjs-form-field-{kind}" in classes), "text")
        if kind == "text":
            self._type(field.locator("input, textarea").first, str(value))
        elif kind == "radio":
            field.get_by_text(str(value), exact=True).click()
        elif kind == "checkbox":
            self._check(field.locator("input"))
        elif kind == "checklist":
            self._tick(field, value)
        elif kind in ("select", "taglist"):
            self._choose(field, value)
        elif kind == "filepicker":
            field.locator("input[type=file]").set_input_files(str(value))
        else:
            self._pick_moment(field, value)

    def _type(self, box: Locator, text: str) -> None:
        """Write over what is there at once, as an input method does: form-js hears that, no value that is set.

        Key by key it would draw the whole form for each.
        """
        box.click()
        box.press("Control+a")
        self._page.keyboard.insert_text(text)

    def _tick(self, field: Locator, value: Value) -> None:
        assert isinstance(value, Sequence)
        for option in value:
            self._check(field.get_by_label(option, exact=True))

    def _check(self, box: Locator) -> None:
        """Tick a box that is not ticked yet; form-js draws it again before it keeps the tick."""
        if not box.is_checked():
            box.click()
        expect(box).to_be_checked()

    def _choose(self, field: Locator, value: Value) -> None:
        """Choose in a list with a search box."""
        wanted = [value] if isinstance(value, str) else value
        assert isinstance(wanted, Sequence)
        for option in wanted:
            field.locator("input").first.click()
            field.locator(".fjs-dropdownlist-item").filter(
                has_text=re.compile(re.escape(option))
            ).first.click()

    def _pick_moment(self, field: Locator, value: Value) -> None:
        """Type date and time; a field without a time takes the date."""
        assert isinstance(value, datetime)
        dates = field.locator(".fjs-datepicker input.fjs-input")
        if dates.count():
            dates.first.fill(value.strftime("%Y/%m/%d"))
            dates.first.press("Enter")
        times = field.locator(".fjs-timepicker input")
        if times.count():
            times.first.fill(value.strftime("%H:%M"))
            self._page.evaluate(TWO_FRAMES)
            times.first.press("Enter")
            times.first.blur()
        self._page.evaluate(TWO_FRAMES)

    def expect_value(self, label: str, value: str) -> None:
        """Wait until a field holds a text."""
        expect(self.control(label)).to_have_value(value)
