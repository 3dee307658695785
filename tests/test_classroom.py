"""What stands in classroom/ for a teacher's server; the hub itself is in test_classroom_hub.py."""

import importlib.util
import os
import socket
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from traitlets.config import Config

HERE = Path(__file__).resolve().parents[1] / "classroom"
NEEDS_POSIX = pytest.mark.skipif(os.name == "nt", reason="a hub does not run on Windows")
TOKEN = "a-token-of-a-class"


def program(name):
    spec = importlib.util.spec_from_file_location(f"classroom_{name}", HERE / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


student, link = program("student"), program("link")


def configured(name, monkeypatch, tmp_path, **settings):
    """What a file of configuration sets, with these CLASSROOM_... in the environment."""
    for key in [key for key in os.environ if key.startswith("CLASSROOM_")]:
        monkeypatch.delenv(key)
    for key, value in {"folder": str(tmp_path / "kept"), "allow_root": "1", **settings}.items():
        monkeypatch.setenv(f"CLASSROOM_{key.upper()}", value)
    config, path = Config(), HERE / f"{name}.py"
    exec(compile(path.read_text(encoding="utf-8"), path, "exec"), {"get_config": lambda: config, "__file__": str(path)})
    return config


@pytest.fixture
def hub(monkeypatch, tmp_path):
    return lambda **settings: configured("jupyterhub_config", monkeypatch, tmp_path, **settings)


# ---- the hub ----


@pytest.mark.parametrize("token", [{}, {"token": ""}, {"token": "short"}])
def test_there_is_no_hub_without_a_token(hub, token):
    with pytest.raises(SystemExit, match="CLASSROOM_TOKEN: expected 16 characters"):
        hub(**token)


@pytest.mark.parametrize("nobody_asked", ["dummy", "null"])
def test_an_authenticator_that_asks_nobody_is_refused(hub, nobody_asked):
    with pytest.raises(SystemExit, match="asks nobody for a token"):
        hub(token=TOKEN, authenticator=nobody_asked)


def test_it_listens_here_only_unless_told(hub):
    assert hub(token=TOKEN).JupyterHub.bind_url == "http://127.0.0.1:8000"
    assert hub(token=TOKEN, address="0.0.0.0:80").JupyterHub.bind_url == "http://0.0.0.0:80"


def test_any_name_may_enter_with_the_token_or_only_those_that_are_listed(hub):
    anybody, listed = hub(token=TOKEN).Authenticator, hub(token=TOKEN, names="ada, alan\nemmy").Authenticator
    assert (anybody.allow_all, anybody.allowed_users) == (True, set())
    assert (listed.allow_all, listed.allowed_users) == (False, {"ada", "alan", "emmy"})


def test_another_authenticator_decides_itself_who_may_enter(hub):
    config = hub(authenticator="github")
    assert config.JupyterHub.authenticator_class == "github"
    assert not config.Authenticator.allow_all


@NEEDS_POSIX
def test_students_are_not_root(hub, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    with pytest.raises(SystemExit, match="Every student would be root"):
        hub(token=TOKEN, allow_root="")
    assert hub(token=TOKEN, allow_root="", spawner="systemd").JupyterHub.spawner_class == "systemd"


def test_memory_is_limited_and_what_is_idle_is_ended(hub):
    config = hub(token=TOKEN, memory="512M", idle="30")
    assert config.Spawner.mem_limit == config.Spawner.environment["CLASSROOM_MEMORY"] == "512M"
    assert "--MappingKernelManager.cull_idle_timeout=1800" in config.Spawner.args
    (culler,) = config.JupyterHub.services
    assert "--timeout=1800" in culler["command"]
    assert [role["services"] for role in config.JupyterHub.load_roles] == [["culler"]]


def test_kernels_do_not_fight_for_cores(hub, values):
    assert hub(token=TOKEN).Spawner.environment["OPENBLAS_NUM_THREADS"] == "1"
    assert values["singleuser"]["extraEnv"]["OPENBLAS_NUM_THREADS"] == "1"


def test_a_server_gets_a_port_that_no_kernel_can_get_and_nobody_has(hub):
    give = hub(token=TOKEN).Spawner.pre_spawn_hook
    spawner, given = SimpleNamespace(port=0), []
    give(spawner)
    with socket.create_server(("127.0.0.1", spawner.port + 1)):
        given.append(spawner.port)
        give(spawner)
        given.append(spawner.port)
    assert 20000 <= given[0] < given[1] < 30000
    assert given[1] != given[0] + 1


def test_the_token_is_kept_in_no_file(hub, tmp_path):
    hub(token=TOKEN)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


# ---- a student's server ----


def test_she_gets_copies_and_keeps_what_she_has_changed(tmp_path):
    book, home = tmp_path / "book", tmp_path / "home"
    (book / "solutions").mkdir(parents=True)
    for name in ("02_unit.ipynb", "solutions/02_unit.ipynb", "mine.ipynb"):
        (book / name).write_text("{}", encoding="utf-8")
    given = student.give(book, home)
    assert [path.relative_to(home).as_posix() for path in given] == [
        "notebooks/02_unit.ipynb",
        "notebooks/solutions/02_unit.ipynb",
    ]
    given[0].write_text("hers", encoding="utf-8")
    assert student.give(book, home) == []
    assert given[0].read_text(encoding="utf-8") == "hers"


@pytest.mark.parametrize(("size", "bytes_"), [("512M", 2**29), ("1.5g", 3 * 2**29), ("4096", 4096)])
def test_a_size_is_a_number_of_bytes(size, bytes_):
    assert student.as_bytes(size) == bytes_


@pytest.mark.parametrize("size", ["", "much", "-1G", "0", "1X", "G"])
def test_a_size_that_is_none_is_refused(size):
    with pytest.raises(ValueError, match="CLASSROOM_MEMORY: expected a size"):
        student.as_bytes(size)


@NEEDS_POSIX
@pytest.mark.skipif(sys.platform == "darwin", reason="the system there does not hold a program's data")
def test_a_program_that_asks_for_more_gets_a_memory_error():
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import student; student.hold(student.as_bytes('300M'))\n"
        "kept = bytearray(100 * 2**20)\n"
        "try: bytearray(400 * 2**20)\n"
        "except MemoryError: print('refused')"
    )
    answer = subprocess.run([sys.executable, "-c", code, str(HERE)], capture_output=True, text=True, check=True)
    assert answer.stdout == "refused\n"


# ---- links ----


def test_a_link_pulls_the_book_and_opens_the_chapter():
    made = urlsplit(link.link("https://hub.example.org/", "https://code.example.org/t/book.git", chapter="02"))
    assert made.scheme + "://" + made.netloc + made.path == "https://hub.example.org/hub/user-redirect/git-pull"
    assert parse_qs(made.query) == {
        "repo": ["https://code.example.org/t/book.git"],
        "branch": ["main"],
        "urlpath": ["lab/tree/book/notebooks/02_unit.ipynb"],
    }


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (("hub", "https://c.org/b"), "hub: expected an address"),
        (("https://h.org", "git@c.org:b"), "repository: expected an address"),
        (("https://h.org", "https://c.org/b", "--chapter", "11"), "chapter: expected one of 00, 01"),
    ],
)
def test_a_link_that_cannot_be_made_is_refused_in_a_sentence(given, told):
    with pytest.raises(SystemExit, match=told):
        link.main(list(given))


# ---- Kubernetes and the image ----


@pytest.fixture(scope="module")
def values():
    return yaml.safe_load((HERE / "values.yaml").read_text(encoding="utf-8"))


def test_on_kubernetes_too_nobody_enters_without_a_token_and_nothing_is_open(values):
    assert values["hub"]["config"]["JupyterHub"]["authenticator_class"] == "shared-password"
    assert values["proxy"]["service"]["type"] == "ClusterIP"
    assert "user_password" not in str(values)


def test_the_values_name_the_image_that_the_recipe_makes(values, monkeypatch, tmp_path):
    recipe = configured("repo2docker_config", monkeypatch, tmp_path).Repo2Docker
    inside = Path(values["singleuser"]["cmd"][1]).relative_to(recipe.target_repo_dir)
    assert (HERE.parent / inside).is_file()
    made = (HERE / "repo2docker_config.py").read_text(encoding="utf-8")
    image = values["singleuser"]["image"]
    assert f"--image-name {image['name']}:{image['tag']}" in made


def test_a_kernel_meets_its_own_limit_before_that_of_its_pod(values):
    own = student.as_bytes(values["singleuser"]["extraEnv"]["CLASSROOM_MEMORY"])
    assert own < student.as_bytes(values["singleuser"]["memory"]["limit"])
