"""What Python in the browser imports: the wheels that the site brings itself, and the lock file of Pyodide for them.

Which packages those are is said in one place, the extra `book` of pyproject.toml. Pyodide has NumPy, matplotlib and
most of what they need; the rest is put beside its lock file. A plain `import` then finds everything, without `%pip`.
"""

from __future__ import annotations

import base64
import hashlib
import importlib.metadata
import json
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from hatchling.builders.wheel import WheelBuilder
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
# The notebook application is the site itself, and the front ends of widgets are among its extensions.
NOT_FOR_PYTHON = {"jupyterlab", "notebook", "jupyterlab-widgets", "widgetsnbextension"}
# What the kernel would fetch one by one while it starts; named in the lock, it comes all at once. JupyterLite has their
# wheels, made for the browser, in its extension.
KERNELS_OWN = ("ipykernel", "piplite", "pyodide-kernel")
KERNEL_NEEDS = ("micropip", "comm", "ipython", "jedi")
BROWSER = {"sys_platform": "emscripten", "platform_system": "Emscripten", "os_name": "posix", "extra": ""}

Lock = dict[str, Any]


class Incomplete(Exception):
    """The site could not be built. Its text says why, in a sentence."""


def asked_for(root: Path = ROOT) -> list[str]:
    """The packages that the book imports, rnnlib first."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [*project["dependencies"], *project["optional-dependencies"]["book"]]
    listed = [canonicalize_name(Requirement(line).name) for line in lines]
    return ["rnnlib", *(name for name in listed if name not in NOT_FOR_PYTHON)]


def complete(lock: Lock, folder: Path, kernels_wheels: Path) -> list[str]:
    """Put into `folder` the wheels that the lock does not have yet, and into the lock their entries.

    kernels_wheels: where JupyterLite's own wheels lie. Returns the names of all that is loaded when Python starts.
    """
    packages = lock["packages"]
    for wheel in sorted(kernels_wheels.glob("*.whl")):
        if canonicalize_name(wheel.name.split("-")[0]) in KERNELS_OWN:
            target = folder / wheel.name
            target.write_bytes(wheel.read_bytes())
            _enter(packages, target)
    (rnnlib,) = WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])
    _enter(packages, Path(rnnlib))
    waiting = asked_for()[1:]
    while waiting:
        name = waiting.pop()
        if name not in packages:
            waiting += _enter(packages, _wheel(name, folder))
    names = [*KERNELS_OWN, *KERNEL_NEEDS, *asked_for()]
    missing = [name for name in names if name not in packages]
    if missing:
        raise Incomplete(f"The browser edition has no {', '.join(missing)}: Pyodide and JupyterLite lack it.")
    packages["rnnlib"]["depends"] = asked_for()[1:]
    return names


def _wheel(name: str, folder: Path) -> Path:
    """The package as it is installed here, packed again; fetched, where that holds code of this machine."""
    found = importlib.metadata.distribution(name)
    if "Root-Is-Purelib: true" in (found.read_text("WHEEL") or ""):
        return _packed(found, folder)
    fetch = ["pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:", "--platform", "any"]
    command = [sys.executable, "-m", *fetch, "--dest", str(folder), f"{name}=={found.version}"]
    result = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    wheels = sorted(folder.glob(f"{name.replace('-', '_')}-{found.version}-*-none-any.whl"))
    if result.returncode or not wheels:
        raise Incomplete(f"{name} {found.version} could not be fetched for the browser edition: {result.stderr}")
    return wheels[0]


def _packed(found: importlib.metadata.Distribution, folder: Path) -> Path:
    """A wheel of the installed files, without what the installation added to them."""
    added = {"RECORD", "INSTALLER", "REQUESTED", "direct_url.json", "uv_cache.json"}
    target = folder / f"{found.name.replace('-', '_')}-{found.version}-py3-none-any.whl"
    record = []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as wheel:
        for file in sorted(found.files or []):
            if ".." in file.parts or file.suffix == ".pyc" or (_described(file) and file.name in added):
                continue
            content = file.read_binary()
            sum_ = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
            record.append(f"{file.as_posix()},sha256={sum_},{len(content)}")
            wheel.writestr(_undated(file.as_posix()), content)
        described = next(PurePosixPath(line.split(",")[0]).parent for line in record if ".dist-info/" in line)
        wheel.writestr(_undated(f"{described}/RECORD"), "\n".join([*record, f"{described}/RECORD,,", ""]))
    return target


def _described(file: PurePosixPath) -> bool:
    return file.parts[0].endswith(".dist-info")


def _undated(name: str) -> zipfile.ZipInfo:
    """The same bytes whenever it is packed."""
    info = zipfile.ZipInfo(name)
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def _enter(packages: dict[str, Any], wheel: Path) -> list[str]:
    """An entry for this wheel among the packages of a lock. Returns the names of what it needs."""
    parts = wheel.name.split("-")
    name, version = canonicalize_name(parts[0]), parts[1]
    with zipfile.ZipFile(wheel) as inside:
        names = inside.namelist()
        described = next(file for file in names if file.endswith(".dist-info/METADATA"))
        needs = list(_needs(inside.read(described).decode("utf-8")))
    packages[name] = {
        "name": name,
        "version": version,
        "file_name": wheel.name,
        "install_dir": "site",
        "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
        "package_type": "package",
        "imports": sorted({file.split("/")[0].removesuffix(".py") for file in names if ".dist-info/" not in file}),
        "depends": needs,
        "unvendored_tests": False,
        "shared_library": False,
    }
    return needs


def _needs(metadata: str) -> Iterator[str]:
    """What a wheel needs in the browser, from its METADATA."""
    for line in metadata.split("\n\n")[0].splitlines():
        if line.startswith("Requires-Dist:"):
            needed = Requirement(line.removeprefix("Requires-Dist:"))
            name = canonicalize_name(needed.name)
            if name not in NOT_FOR_PYTHON and (needed.marker is None or needed.marker.evaluate(BROWSER)):
                yield name


def write(lock: Lock, file: Path) -> None:
    """The lock as Pyodide reads it."""
    file.write_text(json.dumps(lock, sort_keys=True), encoding="utf-8")
