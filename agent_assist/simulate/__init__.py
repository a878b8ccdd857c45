"""Simulate: the past weeks of an organisation that works by a library, to look around in.

Nothing here decides anything: suggestions, grants and outcomes come from the same code as real
ones, with a clock that is set by hand. Every id begins with `demo-`. All of it follows from a
seed, the library and the time at which it ends.
"""
