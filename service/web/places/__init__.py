"""The pages: a blueprint a place."""
