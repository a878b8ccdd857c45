"""Admit: who is calling, and what they may do."""

from agent_assist.admit.callers import Caller, Reach, Scope
from agent_assist.admit.hosts import Hosts
from agent_assist.admit.invitations import Invitations
from agent_assist.admit.keys import KeyRing
from agent_assist.admit.launches import Launches
from agent_assist.admit.pepper import Pepper
from agent_assist.admit.second_factors import SecondFactors
from agent_assist.admit.sessions import Opened, Sessions
from agent_assist.admit.sign_ins import SignIns

__all__ = [
    "Caller",
    "Hosts",
    "Invitations",
    "KeyRing",
    "Launches",
    "Opened",
    "Pepper",
    "Reach",
    "Scope",
    "SecondFactors",
    "Sessions",
    "SignIns",
]
