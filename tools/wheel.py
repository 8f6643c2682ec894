"""The wheel as a stranger gets it: built, its description checked, installed alone in an empty environment, and run from there.

`python3 tools/wheel.py` builds into dist/, installs the wheel without any extra and runs the sample; each extra is then resolved on its
own. `python3 tools/wheel.py --install` installs each extra alone too, and imports what it brings. It needs pip and the package `twine`.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
USERS = ("frames", "duckdb", "spark", "sql", "exchange", "sheets", "charts", "notebooks")
IMPORTED = {
    "pyarrow": "pyarrow",
    "ibis-framework": "ibis",
    "psycopg": "psycopg",
    "vl-convert-python": "vl_convert",
    "python-calamine": "python_calamine",
}


def run(*command: str | Path, cwd: Path = ROOT) -> str:
    """One command; ends with its output where it fails."""
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout


def built(dist: Path) -> Path:
    """The wheel, built anew."""
    shutil.rmtree(dist, ignore_errors=True)
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", dist, ROOT)
    return next(dist.glob("govservice-*.whl"))


def lacking(wheel: Path) -> list[str]:
    """The files of the package that did not get into the wheel, and those in it that have no business there."""
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    listed = run("git", "ls-files", "govservice").splitlines()
    return [f"not packed: {name}" for name in listed if name not in packed] + [f"packed: {name}" for name in packed if name not in listed]


def environment(folder: Path) -> Path:
    """An empty environment and its Python."""
    venv.create(folder, with_pip=True)
    return folder / ("Scripts" if os.name == "nt" else "bin") / "python"


def packages(extra: str) -> list[str]:
    """The names under which the packages of an extra are imported."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [re.match(r"[\w.-]+", one) for one in project["optional-dependencies"][extra] if not one.startswith("govservice[")]
    names = [found[0] for found in wanted if found is not None]
    return [IMPORTED.get(name, name.replace("-", "_")) for name in names]


def main() -> None:
    """Build, check, install, run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--install", action="store_true", help="install each extra alone, in an environment of its own")
    options = parser.parse_args()
    wheel = built(ROOT / "dist")
    faults = lacking(wheel)
    if faults:
        sys.exit("\n".join(faults))
    print(run(sys.executable, "-m", "twine", "check", "--strict", wheel).strip())
    with tempfile.TemporaryDirectory() as aside:
        folder = Path(aside)
        python = environment(folder / "core")
        run(python, "-m", "pip", "install", "--quiet", wheel)
        run(python, "-m", "govservice", "run", "--out", folder / "out", cwd=folder)
        print("core: installed alone, the sample ran")
        for extra in USERS:
            if options.install:
                alone = environment(folder / extra)
                run(alone, "-m", "pip", "install", "--quiet", f"{wheel}[{extra}]")
                run(alone, "-c", f"import govservice, {', '.join(packages(extra))}", cwd=folder)
                shutil.rmtree(folder / extra)
            else:
                run(python, "-m", "pip", "install", "--quiet", "--dry-run", f"{wheel}[{extra}]")
            print(f"{extra}: {'installed and imported' if options.install else 'resolved'}")


if __name__ == "__main__":
    main()
