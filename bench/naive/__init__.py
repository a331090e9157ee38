"""Stock SpiffWorkflow in a Flask program as one would write it in an afternoon: what we are compared with."""
