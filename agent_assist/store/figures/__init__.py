"""Figures: counted by the day, and counted again where something has changed."""
