"""What serving may not load: each costs a worker a hundred megabytes or more."""

import json
import subprocess
import sys

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
