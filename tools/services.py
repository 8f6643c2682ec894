"""Real servers and a browser for one command: `python3 tools/services.py COMMAND ..` runs it with PostgreSQL and MariaDB at hand.

The servers are Debian's (installed first where they are lacking, which needs root), run on free ports of the loopback alone, hold their
data in a temporary folder of their own, and are gone when the command ends. The command finds them by the environment variables
GOVSERVICE_POSTGRES and GOVSERVICE_MARIADB (URLs); a Java runtime for Spark, Chromium for pages, what reads a PDF and a font that has
Chinese are installed where there are none.
"""

from __future__ import annotations

import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

NAME = "govservice"  # of the database and its user alike
PACKAGES = {
    "postgres": "postgresql", "mariadbd": "mariadb-server", "java": "default-jre-headless",
    "chromium": "chromium", "pdftotext": "poppler-utils",
}  # fmt: skip
FONT = "fonts-noto-cjk"
FONTS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts")
PATIENCE = 60.0  # seconds until a server that does not answer is given up


def program(name: str) -> str | None:
    """Where a program is; Debian keeps the server's own programs of PostgreSQL, and MariaDB's, out of the usual path."""
    places = (*sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda bin: int(bin.parent.name), reverse=True), Path("/usr/sbin"))
    return shutil.which(name) or next((str(place / name) for place in places if os.access(place / name, os.X_OK)), None)


def has_font() -> bool:
    """Whether a font is there that has Chinese: pages are looked at in it, and pictures drawn."""
    return any(re.search("cjk|sourcehansans|wqy|yahei", file.name, re.IGNORECASE) for place in FONTS for file in place.rglob("*.[to]t[cf]"))


def lacks() -> list[str]:
    """Debian's packages of what is not there."""
    return [package for name, package in PACKAGES.items() if program(name) is None] + ([] if has_font() else [FONT])


def install() -> None:
    """Debian's packages of what is lacking; ends with what to do where that takes more rights than there are."""
    lacking = lacks()
    if not lacking:
        return
    apt = shutil.which("apt-get")
    rights = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if apt is None or (rights and (shutil.which("sudo") is None or subprocess.run([*rights, "true"], check=False).returncode)):
        sys.exit(f"services: install {', '.join(lacking)} first (as root, on Debian: apt-get install {' '.join(lacking)})")
    quiet = [*rights, "env", "DEBIAN_FRONTEND=noninteractive", "RUNLEVEL=1", apt, "-qq"]  # at level 1 no system server starts
    subprocess.run([*quiet, "update"], check=True)
    subprocess.run([*quiet, "install", "--yes", "--no-install-recommends", *lacking], check=True, stdout=subprocess.DEVNULL)
    still = lacks()
    if still:
        sys.exit(f"services: {', '.join(still)} did not bring what is needed")


def free_port() -> int:
    """A port of the loopback that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def folder(owner: str) -> Iterator[Path]:
    """A temporary folder that the server's user owns."""
    with tempfile.TemporaryDirectory(prefix="govservice-", ignore_cleanup_errors=True) as made:
        if os.geteuid() == 0:
            shutil.chown(made, owner)
        yield Path(made)


def user(owner: str) -> str | None:
    """As whom a server runs: its own user where the caller is root, whom PostgreSQL refuses; else the caller."""
    return owner if os.geteuid() == 0 else None


@contextmanager
def running(name: str, command: list[str], log: Path, owner: str, port: int, stop: signal.Signals) -> Iterator[None]:
    """A server from the moment it takes connections until the block ends. Raises RuntimeError with its log where it does not start."""
    with log.open("wb") as out:
        server = subprocess.Popen(command, user=user(owner), stdout=out, stderr=subprocess.STDOUT, cwd="/")
    try:
        until = time.monotonic() + PATIENCE
        while not answers(port):
            if server.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"{name} does not start:\n{log.read_text(errors='replace')}")
            time.sleep(0.1)
        yield
    finally:
        server.send_signal(stop)
        try:
            server.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def answers(port: int) -> bool:
    """Whether something listens on a port of the loopback."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def done(command: list[str], owner: str, text: str = "") -> None:
    """Run one command as the server's user. Raises RuntimeError with what it said where it fails."""
    ran = subprocess.run(command, user=user(owner), input=text, capture_output=True, text=True, check=False, cwd="/")
    if ran.returncode:
        raise RuntimeError(f"{Path(command[0]).name}: {ran.stdout}{ran.stderr}")


def needed(name: str) -> str:
    """A program that must be there."""
    found = program(name)
    if found is None:
        raise RuntimeError(f"there is no {name}")
    return found


@contextmanager
def postgres() -> Iterator[str]:
    """A PostgreSQL server; gives its URL."""
    owner = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    password, port = secrets.token_hex(16), free_port()
    with folder(owner) as home:
        secret = home / "password"
        secret.write_text(password)
        if os.geteuid() == 0:
            shutil.chown(secret, owner)
        secret.chmod(0o600)
        cluster = home / "data"
        made = ["--pgdata", str(cluster), "--username", NAME, "--auth", "scram-sha-256", "--pwfile", str(secret)]
        done([needed("initdb"), *made, "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"], owner)
        options = {"listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": home, "fsync": "off"}
        command = [needed("postgres"), "-D", str(cluster), *(part for key, value in options.items() for part in ("-c", f"{key}={value}"))]
        with running("PostgreSQL", command, home / "log", owner, port, signal.SIGINT):
            yield f"postgresql://{NAME}:{password}@127.0.0.1:{port}/postgres"


@contextmanager
def mariadb() -> Iterator[str]:
    """A MariaDB server with the collation that Debian gives it, which ignores case; gives its URL."""
    owner = "mysql" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    password, port = secrets.token_hex(16), free_port()
    with folder(owner) as home:
        data, first = home / "data", home / "first.sql"
        done([needed("mariadb-install-db"), "--no-defaults", f"--datadir={data}", f"--user={owner}", "--skip-test-db"], owner)
        at = f"{NAME}@'127.0.0.1'"
        first.write_text(f"CREATE DATABASE {NAME};\nCREATE USER {at} IDENTIFIED BY '{password}';\nGRANT ALL ON {NAME}.* TO {at};\n")
        first.chmod(0o644)
        options = {
            "datadir": data, "socket": home / "socket", "pid-file": home / "pid", "port": port, "bind-address": "127.0.0.1", "user": owner,
            "init-file": first, "skip-name-resolve": "ON", "character-set-server": "utf8mb4", "collation-server": "utf8mb4_general_ci",
        }  # fmt: skip
        command = [needed("mariadbd"), "--no-defaults", *(f"--{key}={value}" for key, value in options.items())]
        with running("MariaDB", command, home / "log", owner, port, signal.SIGTERM):
            yield f"mysql://{NAME}:{password}@127.0.0.1:{port}/{NAME}"


def main(command: list[str]) -> int:
    """Run a command with both servers at hand; its exit code."""
    if not command:
        print(__doc__)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the servers stop however this ends
    install()
    with ExitStack() as servers:
        urls = {"GOVSERVICE_POSTGRES": servers.enter_context(postgres()), "GOVSERVICE_MARIADB": servers.enter_context(mariadb())}
        return subprocess.run(command, env={**os.environ, **urls}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
