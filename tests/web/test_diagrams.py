"""What a click on an element of a diagram tells."""

import json
from typing import Any

from flask.testing import FlaskClient

from service.usecases import user_tasks
from service.usecases.house import House
from service.usecases.process_instances import StartedWithForm
from tests.web.conftest import WANG, SignedIn

CHECKED = {"contact_phone": "13812345207", "check_note": "已核对"}


def told(client: FlaskClient, url: str, element_id: str) -> dict[str, str]:
    """Return what the first diagram of a page tells about an element."""
    island = client.get(url).text.split('data-island="diagram">')[1]
    script = island.split('<script type="application/json">')[1].split("</script>")[0]
    data: dict[str, Any] = json.loads(script)
    return dict(data["labels"][element_id])


def test_an_element_tells_its_state_who_when_and_its_rules(
    signed_in: SignedIn, office: House, complaint: StartedWithForm
) -> None:
    """A waiting task names the group that may take it, a done one who did it, a later one nothing."""
    client, url = signed_in("wang"), f"/cases/{complaint.case_no}"
    waiting = told(client, url, "check_complaint")
    later = told(client, url, "answer_customer")

    user_tasks.complete(office, WANG, int(complaint.next_task_key or 0), CHECKED)
    done = told(client, url, "check_complaint")

    at = "2026-11-24 10:00"
    same = {"标识": "check_complaint", "依据": "SC-1、SC-2", "开始于": at}
    assert waiting == {**same, "状态": "进行中", "办理人": "客服部"}
    assert done == {**same, "状态": "已完成", "办理人": "王芳", "结束于": at}
    assert later == {"状态": "未到达", "标识": "answer_customer"}


def test_a_definition_tells_ids_and_rules_alone(
    signed_in: SignedIn, complaint: StartedWithForm
) -> None:
    """Nothing has happened on the diagram of a version."""
    url = f"/processes/{complaint.process_key}"

    assert told(signed_in("liu"), url, "check_complaint") == {
        "标识": "check_complaint",
        "依据": "SC-1、SC-2",
    }
