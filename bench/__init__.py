"""Measures the house: the engine alone, the whole over HTTP, and this machine's own limits beside them."""
