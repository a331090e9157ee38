"""实物与单据 on the page of a case (XC-DOC-2)."""

from html import unescape

from service.usecases.house import House
from service.usecases.process_instances import InstanceCreated
from tests.web.conftest import SignedIn


def test_a_sample_is_registered_handed_over_and_ended_in_the_page(
    signed_in: SignedIn, office: House, complaint: InstanceCreated
) -> None:
    """Each step answers with the case's page, which shows where the item is."""
    client = signed_in("wang")
    case = f"/cases/{complaint.case_no}"

    def does(path: str, **values: str) -> str:
        answer = client.post(f"{case}/items{path}", data=values, follow_redirects=True)
        assert answer.status_code == 200
        return unescape(answer.text)

    assert "还没有登记" in client.get(case).text
    shown = does("", kind="样品", holder_group="cs", description="开裂的箱子")
    assert f"{complaint.case_no}-W01" in shown
    assert "客服部 保管" in shown
    key = shown.split(f"{case}/items/")[1].split("/")[0]

    assert "移交 质量部，待签收" in does(f"/{key}/hand-over", to_group="quality", note="送检")
    assert "客服部 保管" in does(f"/{key}/recall")
    shown = does(f"/{key}/end", outcome="归还客户", note="顺丰 SF1")
    assert "归还客户：顺丰 SF1" in shown
    assert f"/items/{key}/" not in shown


def test_a_wrong_move_is_told_in_words(
    signed_in: SignedIn, office: House, complaint: InstanceCreated
) -> None:
    """A stranger cannot tell the case from none; a missing choice is a sentence."""
    client = signed_in("wang")
    refused = client.post(
        f"/cases/{complaint.case_no}/items", data={"kind": "", "holder_group": "cs"}
    )
    assert (refused.status_code, "请选择实物的类别" in refused.text) == (400, True)

    strange = signed_in("lu").post(
        f"/cases/{complaint.case_no}/items", data={"kind": "样品", "holder_group": "finance"}
    )
    assert strange.status_code == 404


def test_a_script_that_sends_the_form_is_told_where_to_go(
    signed_in: SignedIn, complaint: InstanceCreated
) -> None:
    """So the page keeps what was typed until it was taken; the notice waits for the page that follows."""
    client, case = signed_in("wang"), f"/cases/{complaint.case_no}"
    sent = {"kind": "样品", "holder_group": "cs", "description": "一箱"}

    taken = client.post(f"{case}/items", data=sent, headers={"Accept": "application/json"})
    shown = client.get(case).text
    client.delete_cookie("session")
    late = client.post(f"{case}/items", data=sent, headers={"Accept": "application/json"})

    assert taken.json == {"next": f"{case}#case-files"}
    assert late.status_code == 401
    assert "已登记，编号" in shown


def test_pages_whose_forms_hold_more_than_a_word_keep_it(
    signed_in: SignedIn, complaint: InstanceCreated
) -> None:
    """Those forms are sent by the script that leaves all in its place when they are refused."""
    pages = (
        f"/cases/{complaint.case_no}",
        "/administration/people/new",
        "/administration/groups/new",
    )

    shown = [signed_in("wang" if "cases" in page else "admin").get(page).text for page in pages]

    assert ["data-keep-input" in page for page in shown] == [True, True, True]
