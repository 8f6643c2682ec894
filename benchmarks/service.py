"""The example of a service under load: requests from threads, each answer held against the library's own; time of the processor, memory.

`python benchmarks/service.py --requests 5000`; GOVSERVICE_POSTGRES names a server, as within `python3 tools/services.py`.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import psycopg

from govservice import classify, load_rulebook

ROOT = Path(__file__).resolve().parents[1]
SCHEMA, PORT, DAY = "load_of_the_service", 18_765, "2026-11-20"
APPLICATIONS: list[dict[str, Any]] = [
    {
        "formal": True, "main_document": ("present", "not_brought", "lacking")[number % 3], "departments": number % 4,
        "recognised_urgent": number % 5 == 0, "nonmain_missing": 0, "attachments_missing": number % 2, "missing_materials": ["章程"],
    }
    for number in range(24)
]  # fmt: skip


def processor_seconds(pid: int) -> float:
    """The time of the processor that a process has had."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def most_memory(pid: int) -> int:
    """The most memory that a process has had, in MB."""
    return next(int(line.split()[1]) for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmHWM")) // 1024


def asked(requests: int, threads: int) -> None:
    """Ask the service; ends where an answer is not that of the library."""
    book, own = load_rulebook("kunshan"), threading.local()

    def one(number: int) -> None:
        if not hasattr(own, "client"):
            own.client = httpx.Client(base_url=f"http://127.0.0.1:{PORT}", trust_env=False, timeout=60)
        facts = APPLICATIONS[number % len(APPLICATIONS)]
        answer = own.client.post(f"/cases/C{number}/classification", json={"application": facts, "on": DAY})
        expected = json.loads(classify({**facts, "case": f"C{number}"}, book, on=DAY).to_json())
        if answer.status_code != 201 or answer.json()["result"] != expected:
            sys.exit(f"request {number}: {answer.text[:500]}")

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(one, range(requests)))


def main() -> None:
    """Serve, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=5_000)
    parser.add_argument("--threads", type=int, default=16)
    given = parser.parse_args()
    server = os.environ["GOVSERVICE_POSTGRES"]
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
        connection.execute(f"CREATE SCHEMA {SCHEMA}")
    database = f"{server}?options=-csearch_path%3D{SCHEMA}"
    environment = {**os.environ, "ACCEPTANCE_DATABASE": database, "PYTHONPATH": os.pathsep.join((str(ROOT / "examples"), str(ROOT)))}
    command = [sys.executable, "-m", "acceptance_service", "--port", str(PORT)]
    service = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while True:
            try:
                httpx.get(f"http://127.0.0.1:{PORT}/health", trust_env=False).raise_for_status()
                break
            except httpx.HTTPError:
                if service.poll() is not None:
                    sys.exit("the service does not start")
                time.sleep(0.1)
        before = processor_seconds(service.pid)
        asked(given.requests, given.threads)
        used = processor_seconds(service.pid) - before
        print(f"{given.requests:,} requests, each answer that of the library: {1_000 * used / given.requests:.1f} ms of the processor each")
        print(f"starting: {before:.1f} s of the processor; the most memory: {most_memory(service.pid)} MB")
    finally:
        service.terminate()
        service.wait()
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP SCHEMA {SCHEMA} CASCADE")


if __name__ == "__main__":
    main()
