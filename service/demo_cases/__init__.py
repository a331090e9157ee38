"""Demonstration cases: people of the demo organisation work through stories while a set clock runs."""
