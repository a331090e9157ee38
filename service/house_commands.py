"""The commands of `huiyin` that need a house: run everything, prepare the data, load the demo."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from service.api.sentences import finding_sentence, sentence
from service.bootstrap import build
from service.demo_cases.loading import AlreadyLoadedError, StillRunningError, load_demo_cases
from service.domain.errors import DeploymentRefusedError, HuiyinError, NotAllowedError
from service.domain.languages import SIMPLIFIED
from service.running.house import run_all
from service.running.preparing import is_prepared, prepare
from service.settings import SettingError, Settings
from service.setup import deploy_shipped, load_organisation, set_up
from service.sla import SHANGHAI
from service.usecases import people
from service.usecases import retention as histories
from service.usecases.house import House


class HouseCommand(click.Command):
    """A command that tells why the house refused it."""

    def invoke(self, ctx: click.Context) -> Any:
        """Carry it out.

        Raises:
            ClickException: The house refused; the sentence is in Chinese, with each finding in a file.
        """
        try:
            return super().invoke(ctx)
        except HuiyinError as refusal:
            raise click.ClickException("\n".join(_told(refusal))) from refusal


def _told(refusal: HuiyinError) -> Iterator[str]:
    yield sentence(refusal, SIMPLIFIED)
    if isinstance(refusal, DeploymentRefusedError):
        for finding in refusal.findings:
            place = f"{finding.resource} 第 {finding.line} 行" if finding.line else finding.resource
            yield f"  {place}：{finding_sentence(finding, SIMPLIFIED)}"


@click.command(cls=HouseCommand)
def run() -> None:
    """Run web server, worker, beat and, without HUIYIN_BROKER_URL, the broker; Ctrl-C ends all of it."""
    sys.exit(run_all(_settings()))


@click.command("prepare", cls=HouseCommand)
def prepare_command() -> None:
    """Migrate the database, deploy what is new in processes/ and forms/, make the first administrator."""
    settings = _settings()
    prepare(settings)
    for line in set_up(settings, build(settings).house):
        click.echo(line)


@click.command(cls=HouseCommand)
def deploy() -> None:
    """Deploy what is new in processes/ and forms/."""
    settings = _settings()
    for line in deploy_shipped(_house(settings), settings.processes, settings.forms):
        click.echo(line)


@click.command(cls=HouseCommand)
@click.option("--dry-run", is_flag=True, help="Show what a run would do; change nothing.")
@click.option(
    "--confirm", "confirmed_by", metavar="USERNAME", help="Let all frozen ones be deleted."
)
def retention(dry_run: bool, confirmed_by: str | None) -> None:
    """Freeze histories whose time is over; delete those whose deletion a manager has confirmed."""
    house = _house(_settings())
    if dry_run:
        for line in _retention_lines(house):
            click.echo(line)
        return
    if confirmed_by is not None:
        click.echo(
            f"已确认删除 {_confirm_all(house, confirmed_by)} 份到期档案，确认人：{confirmed_by}。"
        )
    frozen = deleted = 0
    while (made := histories.run(house)) != (0, 0):
        frozen, deleted = frozen + made[0], deleted + made[1]
    click.echo(f"新封存 {frozen} 份，已删除 {deleted} 份。")


def _retention_lines(house: House) -> list[str]:
    groups = {
        "待封存": list(histories.expired(house)),
        "已封存，待确认": histories.waiting(house, "FROZEN"),
        "已确认，待删除": histories.waiting(house, "CONFIRMED"),
    }
    lines = []
    for title, found in groups.items():
        lines.append(f"{title}：{len(found)} 份")
        for one in found:
            until = one.retain_until.astimezone(SHANGHAI)
            lines.append(
                f"  {one.case_no or one.root_key}  {one.process_id}  保存至 {until:%Y-%m-%d}"
            )
    return lines


def _confirm_all(house: House, username: str) -> int:
    """Confirm all that is frozen in the name of a manager and return how many.

    Raises:
        ClickException: Nobody has that name, or he may not.
    """
    with house.database.reading() as connection:
        person = people.person(connection, username)
    if person is None:
        raise click.ClickException(f"没有用户 {username}。")
    keys = [one.root_key for one in histories.waiting(house)]
    try:
        histories.confirm(house, person, keys)
    except NotAllowedError as error:
        raise click.ClickException(f"{username} 无权确认删除，须由系统管理员确认。") from error
    return len(keys)


@click.group()
def organisation() -> None:
    """Groups and people."""


@organisation.command("load", cls=HouseCommand)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def organisation_load(file: Path) -> None:
    """Load groups, people and memberships from FILE (shape: demo/organisation.json)."""
    load_organisation(_house(_settings()), file)
    click.echo(f"已载入组织：{file}")


@click.group()
def demo() -> None:
    """The demonstration."""


@demo.command("load", cls=HouseCommand)
def demo_load() -> None:
    """Add past and open complaints by letting the demo organisation work through the stories."""
    settings = _settings()
    if not settings.shows_demo:
        raise click.ClickException(
            "演示案件只能载入演示环境：请设置 HUIYIN_DEMO=1，并使用本机地址。"
        )
    prepare(settings)
    house = build(settings).house
    set_up(settings, house)
    click.echo("正在演绎过去几个月的投诉，约需半分钟……")
    try:
        count = load_demo_cases(house)
    except AlreadyLoadedError as error:
        raise click.ClickException("演示案件已经载入过，没有重复载入。") from error
    except StillRunningError as error:
        raise click.ClickException("服务正在运行：请先按 Ctrl-C 停止，再载入演示案件。") from error
    click.echo(f"已载入，现有案件 {count} 件。演示邮件只存档，不外发。")


def _settings() -> Settings:
    try:
        return Settings.from_environment()
    except SettingError as error:
        raise click.ClickException(str(error)) from error


def _house(settings: Settings) -> House:
    """Return the house over its database.

    Raises:
        ClickException: Nobody has prepared the database, or not since the program is newer.
    """
    if not is_prepared(settings):
        raise click.ClickException(
            "数据库尚未准备好，或还是旧版本的结构：请先运行 huiyin prepare，再执行本命令。"
        )
    return build(settings).house
