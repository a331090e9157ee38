"""The sending half of the queue: names and keys, no job code."""
