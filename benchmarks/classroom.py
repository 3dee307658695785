"""A class that comes to a real hub within a minute: what each waits for, and what each takes.

All runs on this machine, on 127.0.0.1, and ends by itself. classroom/README.md has the figures of one run.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.hub import Hub, Student, code_of

STUDENTS = 20
ARRIVAL = 60  # seconds in which all have come
LIMIT = 900  # seconds for everything


async def visit(student: Student, after: float, cells: list[str]) -> bool:
    """One student's lesson; whether everything went well."""
    await asyncio.sleep(after)
    if not await student.enter():
        return False
    await student.start()
    await student.run_chapter(cells)
    return await student.type("w_x", 1.5) == 1 and not student.errors


async def lesson(hub: Hub, count: int, seconds: float) -> list[tuple[Student, bool]]:
    """All students, evenly over these seconds. Whoever fails, fails alone."""
    students = [Student(hub, f"student{number:02}") for number in range(1, count + 1)]
    cells = code_of("02_unit.ipynb")
    visits = [visit(student, seconds * i / count, cells) for i, student in enumerate(students)]
    results = await asyncio.wait_for(asyncio.gather(*visits, return_exceptions=True), LIMIT)
    for student, result in zip(students, results, strict=True):
        if isinstance(result, BaseException):
            student.errors.append(f"{type(result).__name__}: {result}")
        await student.leave()
    return [(student, result is True) for student, result in zip(students, results, strict=True)]


def report(results: list[tuple[Student, bool]], memory: dict[str, list[float]]) -> None:
    good = [student for student, well in results if well]
    print(f"{len(good)} of {len(results)} ran chapter 02 and had a new drawing for what they typed")
    for what in ("server", "chapter", "slowest cell", "typed"):
        seconds = [student.seconds[what] for student in good]
        if seconds:
            print(f"  {what:13} median {statistics.median(seconds):6.2f} s, longest {max(seconds):6.2f} s")
    for kind in ("server", "kernel"):
        print(f"  {kind:13} {statistics.mean(memory[kind]):6.0f} MB each, {len(memory[kind])} of them")
    total = sum(sum(sizes) for sizes in memory.values())
    print(f"  {'hub and proxy':13} {sum(memory['hub']):6.0f} MB; all together {total:.0f} MB")
    for student, well in results:
        if not well:
            print(f"  {student.name}: {'; '.join(student.errors) or 'no new drawing'}")


def run(count: int = STUDENTS, seconds: float = ARRIVAL) -> int:
    """The trial; how many students it went well for."""
    print(f"A hub, {count} students within {seconds:.0f} s", flush=True)
    with tempfile.TemporaryDirectory() as folder, Hub(Path(folder)) as hub:
        results = asyncio.run(lesson(hub, count, seconds))
        report(results, hub.memory())
    return sum(well for _, well in results)


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    sys.exit(run(*given) != (given or [STUDENTS])[0])
