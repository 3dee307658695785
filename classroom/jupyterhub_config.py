"""A hub for one class on one server. README.md beside this file says how it is started; all is set by the environment:

CLASSROOM_TOKEN    what each student types beside a name, 16 characters at least; there is no hub without it
CLASSROOM_NAMES    the names that may enter, apart by spaces or commas; if it is empty, any name may, with the token
CLASSROOM_ADDRESS  where the hub listens: 127.0.0.1:8000
CLASSROOM_MEMORY   the most that a student's program may take: 1G
CLASSROOM_IDLE     minutes without work after which a kernel, then the server, is ended: 60
CLASSROOM_FOLDER   where the hub keeps its notes and the students their notebooks: ~/rnnlib-classroom
CLASSROOM_SPAWNER, CLASSROOM_AUTHENTICATOR  others than "simple" and "shared-password" (names or classes of JupyterHub)
"""

import itertools
import os
import socket
import sys
from pathlib import Path

c = get_config()  # noqa: F821 (JupyterHub gives it to this file)


def setting(name, usual=""):
    """CLASSROOM_NAME of the environment; what is usual where it is not set or empty."""
    return os.environ.get("CLASSROOM_" + name) or usual


# ---- who may enter, and from where ----

SHORTEST = 16
authenticator = setting("AUTHENTICATOR", "shared-password")
c.JupyterHub.authenticator_class = authenticator
if authenticator in ("dummy", "null"):
    sys.exit(f"CLASSROOM_AUTHENTICATOR: {authenticator!r} asks nobody for a token; leave it out.")
if authenticator == "shared-password":
    if len(setting("TOKEN")) < SHORTEST:
        sys.exit(
            f"CLASSROOM_TOKEN: expected {SHORTEST} characters or more, got {len(setting('TOKEN'))}; one is made with: "
            'python3 -c "import secrets; print(secrets.token_urlsafe())"'
        )
    c.SharedPasswordAuthenticator.user_password = setting("TOKEN")
names = set(setting("NAMES").replace(",", " ").split())
c.Authenticator.allowed_users = names
c.Authenticator.allow_all = authenticator == "shared-password" and not names
c.JupyterHub.bind_url = "http://" + setting("ADDRESS", "127.0.0.1:8000")

# ---- what is kept, and where ----

folder = Path(setting("FOLDER", "~/rnnlib-classroom")).expanduser().resolve()
folder.mkdir(mode=0o700, parents=True, exist_ok=True)
c.JupyterHub.db_url = f"sqlite:///{folder}/hub.sqlite"
c.JupyterHub.cookie_secret_file = str(folder / "cookie_secret")
c.ConfigurableHTTPProxy.pid_file = str(folder / "proxy.pid")

# ---- a student's server ----

# "simple" starts each server as the hub's own user, in a folder for each student: it keeps students' files apart in
# good faith only. Where they are strangers to each other, name another spawner.
memory = setting("MEMORY", "1G")
spawner = setting("SPAWNER", "simple")
if spawner == "simple" and os.geteuid() == 0 and not setting("ALLOW_ROOT"):
    sys.exit("Every student would be root here: start the hub as a user of its own, or name a CLASSROOM_SPAWNER.")
c.JupyterHub.spawner_class = spawner
c.SimpleLocalProcessSpawner.home_dir_template = str(folder / "students" / "{username}")
c.Spawner.cmd = [sys.executable, str(Path(__file__).resolve().parent / "student.py")]
c.Spawner.mem_limit = memory  # for spawners that can hold it; student.py does where they cannot
# One thread each for matrix products: a class has fewer cores than kernels, and threads that wait for each other on a
# busy machine made a cell of chapter 03 cost nine times as much.
c.Spawner.environment = {"CLASSROOM_MEMORY": memory, "OPENBLAS_NUM_THREADS": "1", "PYTHONNOUSERSITE": "1"}
c.Spawner.default_url = "/lab/tree/notebooks/00_start_here.ipynb"
c.Spawner.start_timeout = c.Spawner.http_timeout = 180  # a whole class at once, on few cores
c.JupyterHub.concurrent_spawn_limit = 0  # a class comes at once and may wait; nobody is sent away

PORTS = itertools.cycle(range(20000, 30000))  # none of those that the system hands out to kernels by itself


def give_port(spawner):
    """The port of a student's server.

    The usual choice is a port that is free at that moment. While a whole class starts, a kernel of somebody else can
    get the same one before the server is there to take it, and then the server never comes.
    """
    for port in itertools.islice(PORTS, 10000):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:  # nobody answers there
                spawner.port = port
                return


if spawner == "simple":
    c.Spawner.pre_spawn_hook = give_port

# ---- what nobody uses is ended ----

idle = 60 * int(setting("IDLE", "60"))
c.Spawner.args = [
    f"--MappingKernelManager.cull_idle_timeout={idle}",
    "--MappingKernelManager.cull_connected=True",
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
]
if setting("ALLOW_ROOT"):  # for tests in a container
    c.Spawner.args.append("--allow-root")
culler = ["-m", "jupyterhub_idle_culler", f"--timeout={idle}", f"--cull-every={max(60, idle // 10)}"]
c.JupyterHub.services = [{"name": "culler", "command": [sys.executable, *culler]}]
scopes = ["list:users", "read:users:activity", "read:servers", "delete:servers"]
c.JupyterHub.load_roles = [{"name": "culler", "services": ["culler"], "scopes": scopes}]
