"""`python -m agent_assist` is the same as `agent-assist`."""

from agent_assist.cli import main

main()
