"""What is too large to be taken is said with how large it may be and how large it was."""

from io import BytesIO

from service.usecases.process_instances import StartedWithForm
from tests.web.conftest import SignedIn

MEBIBYTE = 1024 * 1024


def test_a_file_that_is_too_large_is_told_its_limit_and_its_size(
    signed_in: SignedIn, complaint: StartedWithForm
) -> None:
    """Whoever photographs with his phone must know how much smaller the picture has to be."""
    client, url = signed_in("wang"), f"/tasks/{complaint.next_task_key}"
    client.post(f"{url}/claim")
    sent = {"file": (BytesIO(bytes(22 * MEBIBYTE)), "photo.jpg")}

    answer = client.post(f"{url}/upload", data=sent, headers={"Accept": "application/json"})

    assert answer.status_code == 413
    assert answer.json["detail"] == "文件超过大小限制，最大 20.0 MB，本次提交了 22.0 MB"
