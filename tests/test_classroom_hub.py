"""A real hub on this machine, as classroom/ configures it, and a class of three; benchmarks/ has one of twenty."""

import asyncio

import pytest

from benchmarks.classroom import lesson
from benchmarks.hub import Hub, Student

pytestmark = pytest.mark.long("a hub with three students takes a minute; test_classroom.py has its settings")


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    with Hub(tmp_path_factory.mktemp("hub"), names="student01 student02 student03 ada", memory="700M") as running:
        yield running


async def _tries(hub, name, token):
    student = Student(hub, name)
    try:
        return await student.enter(token)
    finally:
        await student.leave()


@pytest.mark.parametrize("token", ["", "a-guess-of-16-characters"])
def test_nobody_enters_without_the_token(hub, token):
    assert not asyncio.run(_tries(hub, "ada", token))


def test_nobody_enters_under_a_name_that_is_not_of_the_class(hub):
    assert not asyncio.run(_tries(hub, "mallory", hub.environment["CLASSROOM_TOKEN"]))


def test_three_run_a_chapter_and_move_a_widget_and_nothing_listens_to_others(hub):
    results = asyncio.run(lesson(hub, 3, 1))
    assert [(student.errors, well) for student, well in results] == [([], True)] * 3
    assert hub.listening() <= {"127.0.0.1", "::1"}
    assert len(hub.memory()["kernel"]) == 3


async def _greedy(hub):
    student = Student(hub, "ada")
    assert await student.enter()
    await student.start()
    await student.run("x = bytearray(2**30)")
    await student.run("print(6 * 7)")
    await student.leave()
    return student.errors


def test_a_kernel_that_takes_too_much_is_told_and_goes_on(hub):
    assert asyncio.run(_greedy(hub)) == ["MemoryError: "]
