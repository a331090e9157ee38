"""Names of built-in functions that must be known before any is called.

Source: DMN 1.5 §10.3.4; docs/dialect.md §5; Camunda 8 FEEL built-ins.
"""

SPACED_NAMES = frozenset(
    {
        "date and time", "years and months duration", "days and time duration",
        "substring before", "substring after", "string length", "upper case", "lower case",
        "starts with", "ends with", "list contains", "list replace", "insert before", "index of",
        "distinct values", "get value", "get entries", "context put", "context merge", "put all",
        "string join", "is empty", "is blank", "is defined", "get or else", "from json", "to json",
        "duplicate values", "last day of month", "random number", "round up", "round down",
        "round half up", "round half down", "day of year", "day of week", "month of year",
        "week of year", "met by", "overlaps before", "overlaps after", "finished by", "started by",
        "to base64", "from base64", "time offset", "start included", "end included",
        "add working days", "add working hours", "end of day", "is working day", "working days between",
    }
)  # fmt: skip
"""Those that hold spaces: known to every text, whatever variables it sees."""

CONSTRUCTORS = frozenset({"date", "time", "date and time", "duration"})
"""Those that write what has no literal: over constants, a constant."""
