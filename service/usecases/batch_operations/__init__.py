"""Batch operations: one command on many things, an item a transaction, worked off by workers."""
