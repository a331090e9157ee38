"""What pages show: each part put together for one reader, as the templates take it."""
