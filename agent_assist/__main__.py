"""`python -m agent_assist` and `agent-assist`, which are the same."""

import sys


def main() -> None:
    """The command line; after an update that needs more than is installed, what to do."""
    try:
        from agent_assist.cli import main as command  # noqa: PLC0415 - what is missing shows here

        command()
    except ModuleNotFoundError as missing:
        if missing.name is None or missing.name.partition(".")[0] == "agent_assist":
            raise
        sys.stderr.write(
            f"agent-assist: the package {missing.name} is not installed, perhaps since an update: "
            "run `make setup`, or install requirements.txt with constraints.txt\n"
        )
        sys.exit(1)


if __name__ == "__main__":
    main()
