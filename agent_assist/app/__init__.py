"""The composition root: builds every part from the settings and wires them together."""

from agent_assist.app.composition import create_app, start_rhythm

__all__ = ["create_app", "start_rhythm"]
