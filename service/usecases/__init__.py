"""What the house can do: a module a noun, a function a verb, a transaction each."""
