"""Which scripts and styles a page links: what it shows, and nothing it does not."""

import json
import re

from service.usecases.process_instances import StartedWithForm
from tests.web.conftest import SignedIn

PRELOADED = re.compile(r'<link rel="modulepreload" href="/static/dist/x-(.+?)">')


def test_a_page_without_islands_fetches_no_bundle(signed_in: SignedIn) -> None:
    """A list needs no form and no diagram; `app.js` is told where they are, should htmx bring one."""
    page = signed_in("wang").get("/tasks").text

    assert PRELOADED.findall(page) == []
    assert page.count('<script type="module"') == 1
    told = json.loads(page.split('id="island-bundles">')[1].split("</script>")[0])
    assert told["form"] == {"file": "/static/dist/x-form.js", "css": []}
    assert set(told) == {"form", "diagram", "decision"}


def test_a_page_that_shows_a_form_fetches_its_bundle_at_once(
    signed_in: SignedIn, complaint: StartedWithForm
) -> None:
    """The browser need not run `app.js` before it learns what the page needs; a hidden diagram can wait."""
    page = signed_in("wang").get(f"/tasks/{complaint.next_task_key}").text

    assert PRELOADED.findall(page) == ["form.js"]
