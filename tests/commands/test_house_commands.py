"""What the commands that need a house say when the house refuses them."""

import sqlite3
from json import dumps
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from service.cli import main
from service.domain.errors import DeploymentRefusedError, Finding
from service.house_commands import HouseCommand, organisation


@pytest.fixture
def data(tmp_path: Path, empty_sqlite: bytes) -> Path:
    """Return a data folder with an empty house in it."""
    (tmp_path / "huiyin.sqlite3").write_bytes(empty_sqlite)
    return tmp_path


def loaded(folder: Path, text: str) -> Result:
    """Return what `huiyin organisation load` says to a file."""
    file = folder / "people.json"
    file.write_text(text, encoding="utf-8")
    environment = {"HUIYIN_DATA": str(folder)}
    return CliRunner().invoke(organisation, ["load", str(file)], env=environment)


def person(**more: object) -> dict[str, object]:
    """Return an entry of a directory."""
    return {"username": "wang", "name": "王芳", **more}


@pytest.mark.parametrize(
    ("people", "told"),
    [
        ([person(roles=["boss"])], "没有这些角色（可用的是"),
        ([person(groups=["nobody"])], "没有这些组：nobody。"),
        ([person(department="nobody")], "没有这些部门：nobody。"),
        ([person(), person()], "用户名重复：wang。"),
        ([{"username": "wang"}], "缺少 'name'。"),
        (["wang"], "格式不对"),
    ],
)
def test_a_directory_is_refused_with_what_is_wrong_in_it(
    data: Path, people: list[object], told: str
) -> None:
    """In Chinese, and not with the trace of a program."""
    result = loaded(data, dumps({"groups": [], "people": people}))
    assert (result.exit_code, told in result.stderr) == (1, True), result.output
    assert "Traceback" not in result.output


def test_a_file_that_is_no_json_is_told_with_the_place(data: Path) -> None:
    """Line and column."""
    result = loaded(data, '{"groups": [],\n "people": oops}')
    assert "组织文件不是 JSON：第 2 行第 12 列有误。" in result.stderr


def test_a_refused_deployment_names_each_finding() -> None:
    """With its file and line."""
    finding = Finding("error", "feel", "条件写错了。", "", "", "请改正。", "a.bpmn", "flow", 7)

    @click.command(cls=HouseCommand)
    def command() -> None:
        raise DeploymentRefusedError("Expected files without errors.", [finding])

    result = CliRunner().invoke(command)
    assert result.exit_code == 1
    assert "a.bpmn 第 7 行：条件写错了。请改正。" in result.stderr


@pytest.mark.parametrize(
    "command",
    [["deploy"], ["retention"], ["retention", "--dry-run"], ["organisation", "load", __file__]],
    ids=" ".join,
)
@pytest.mark.parametrize("state", ["nothing", "empty", "older"])
def test_a_house_that_was_never_prepared_is_told_how_to_be(
    command: list[str], state: str, data: Path
) -> None:
    """No database, one without tables, one before the newest migration: each asks for `huiyin prepare`."""
    file = data / "huiyin.sqlite3"
    if state == "older":
        with sqlite3.connect(file) as database:
            database.execute("UPDATE alembic_version SET version_num = '0001'")
    else:
        file.unlink()
    if state == "empty":
        file.touch()

    result = CliRunner().invoke(main, command, env={"HUIYIN_DATA": str(data)})

    assert (result.exit_code, "请先运行 huiyin prepare" in result.stderr) == (1, True), (
        result.output
    )
    assert file.exists() == (state != "nothing")


def test_a_prepared_house_is_not_asked_to_be_prepared(data: Path) -> None:
    """Its commands do what they are for."""
    result = CliRunner().invoke(main, ["retention"], env={"HUIYIN_DATA": str(data)})

    assert (result.exit_code, result.output) == (0, "新封存 0 份，已删除 0 份。\n")


@pytest.mark.parametrize("command", ["prepare", "deploy", "retention"])
def test_a_database_of_a_newer_program_is_left_alone(command: str, data: Path) -> None:
    """`prepare` says what is so; the others ask for it."""
    with sqlite3.connect(data / "huiyin.sqlite3") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")

    result = CliRunner().invoke(main, [command], env={"HUIYIN_DATA": str(data)})

    told = "数据库由更新版本的程序建立" if command == "prepare" else "请先运行 huiyin prepare"
    assert (result.exit_code, told in result.stderr) == (1, True), result.output
