"""The files that say what is installed agree with each other, and the wheel holds all of rnnlib."""

import re
import tomllib
import zipfile

import pytest
import yaml
from hatchling.builders.wheel import WheelBuilder
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

PLATFORMS = ("linux", "darwin", "win32")
PYTHONS = ("3.11", "3.12", "3.13", "3.14")


@pytest.fixture(scope="module")
def project(root):
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture(scope="module")
def pins(root):
    lines = (root / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return [Requirement(line) for line in lines if line and not line.startswith("#")]


def ranges(requirements):
    return {canonicalize_name(r.name): r.specifier for r in map(Requirement, requirements)}


def machine(platform, python):
    """What a marker sees there."""
    return {
        "sys_platform": platform,
        "os_name": "nt" if platform == "win32" else "posix",
        "python_version": python,
        "python_full_version": python + ".9",
        "platform_python_implementation": "CPython",
        "implementation_name": "cpython",
    }


@pytest.fixture(scope="module")
def conda(root):
    """Name -> version specifier of environment.yml, conda's packages and pip's."""
    listed = yaml.safe_load((root / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    by_pip = next(item["pip"] for item in listed if isinstance(item, dict))
    assert by_pip[-1] == "-e ."
    assert all(
        re.fullmatch(r"[a-z0-9-]+(=[0-9.]+|>=[0-9.]+,<=[0-9.]+)?", item) for item in listed if isinstance(item, str)
    )
    found = ranges([re.sub(r"(?<=[a-z])=", "==", item) for item in listed if isinstance(item, str)] + by_pip[:-1])
    assert "matplotlib" not in found, "conda's matplotlib brings Qt, which no notebook needs"
    found["matplotlib"] = found.pop("matplotlib-base")
    return found


def test_environment_yml_asks_for_what_pyproject_asks_for_up_to_what_was_tested(project, pins, conda):
    wanted = ranges(project["dependencies"] + project["optional-dependencies"]["book"])
    pinned = {canonicalize_name(pin.name): str(pin.specifier).removeprefix("==") for pin in pins}
    assert {name: str(conda[name]) for name in wanted} == {
        name: str(SpecifierSet(f"{least},<={pinned[name]}")) for name, least in wanted.items()
    }
    assert set(conda) - set(wanted) == {"python", "pip"}


def test_environment_yml_has_a_python_that_is_tested(project, conda):
    assert str(conda["python"]).removeprefix("==") in PYTHONS


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("python", PYTHONS)
def test_every_package_has_exactly_one_pinned_version(project, pins, platform, python):
    here = [pin for pin in pins if pin.marker is None or pin.marker.evaluate(machine(platform, python))]
    versions = {canonicalize_name(pin.name): str(pin.specifier) for pin in here}
    assert len(versions) == len(here), "a package is pinned twice"
    assert all(version.startswith("==") and "*" not in version for version in versions.values())
    extras = project["optional-dependencies"]
    asked = project["dependencies"] + extras["book"] + extras["dev"] + extras["site"] + extras["classroom"]
    for name, wanted in ranges(asked).items():
        assert wanted.contains(versions[name].removeprefix("=="), prereleases=True), name


def test_what_jupyter_needs_on_one_system_only_is_pinned_there(pins):
    for name, platform in [("pywinpty", "win32"), ("colorama", "win32"), ("appnope", "darwin")]:
        (pin,) = [pin for pin in pins if pin.name == name]
        assert [p for p in PLATFORMS if pin.marker.evaluate(machine(p, "3.12"))] == [platform]


def test_the_build_tool_is_the_pinned_one(root, pins):
    (needed,) = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]["requires"]
    (pinned,) = [pin for pin in pins if pin.name == "hatchling"]
    assert str(Requirement(needed)) == str(pinned)


def test_numpy_is_all_that_the_library_alone_asks_for(project):
    assert list(ranges(project["dependencies"])) == ["numpy"]


def test_the_wheel_holds_every_file_of_rnnlib(root, tmp_path):
    (wheel,) = WheelBuilder(str(root)).build(directory=str(tmp_path), versions=["standard"])
    inside = {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("rnnlib/")}
    ignored = {"__pycache__", ".ipynb_checkpoints", ".DS_Store"}
    files = (path for path in (root / "rnnlib").rglob("*") if path.is_file() and path.suffix != ".pyc")
    there = {path.relative_to(root).as_posix() for path in files if not ignored & set(path.parts)}
    assert inside == there
