"""Flask applications for tests: their routes are made once, the rest is each test's own."""

from collections import defaultdict
from copy import copy

from flask import Config, Flask


def another(app: Flask) -> Flask:
    """Return an application with the same routes, on which no more may be registered.

    Settings, extensions, views and what is asked before and after a request are its own. Compiling the
    hundreds of addresses of the house takes longer than most tests, so these are shared.
    """
    made = copy(app)
    made.config = Config(app.root_path, app.config)
    made.extensions = dict(app.extensions)
    made.view_functions = dict(app.view_functions)
    for name in ("before_request_funcs", "after_request_funcs", "teardown_request_funcs"):
        asked = getattr(app, name)
        setattr(made, name, defaultdict(list, {key: list(those) for key, those in asked.items()}))
    # Flask's own mark of a finished application: a route added to one would appear in all.
    made._got_first_request = True
    return made
