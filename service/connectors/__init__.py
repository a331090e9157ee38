"""Calls to other systems: the real parts behind the ports of `domain.outside`."""
