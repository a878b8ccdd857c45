"""Agent Assist: what a representative may say, and may give, while the customer waits."""

__version__ = "0.1.0"
