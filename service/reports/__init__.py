"""Read-only SQL: a module a report. Nothing here changes a row."""
