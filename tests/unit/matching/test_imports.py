"""What serving may not load: each costs a worker a hundred megabytes or more."""

import json
import subprocess
import sys
from pathlib import Path

from agent_assist.settings import ROOT

HEAVY = (
    "torch",
    "sentence_transformers",
    "transformers",
    "sklearn",
    "scipy",
    "matplotlib",
    "flask",
)


def test_serving_imports_nothing_heavy() -> None:
    modules = ("encoders", "index", "ranking", "text", "cases", "evaluation", "report", "export")
    program = (
        "import sys, json, importlib\n"
        f"[importlib.import_module('agent_assist.matching.' + name) for name in {modules}]\n"
        "print(json.dumps(sorted(sys.modules)))"
    )

    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )

    assert [name for name in HEAVY if name in json.loads(done.stdout)] == []


def test_the_encoder_reports_to_nobody(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    code = "import agent_assist.matching.encoders"

    subprocess.run([sys.executable, "-c", code], env={"HOME": str(home)}, cwd=ROOT, check=True)

    # Its reports are kept, and sent, from a folder that it makes in the home.
    assert list(home.iterdir()) == []
