"""External functions of kind Java: a closed table of static methods of Java's standard library.

DMN lets a function be bound to a static Java method by class and signature. No Java runs here and no
code is loaded: what the table holds is computed by this house as Java defines it; anything else is
null with a diagnostic (docs/decisions, «External Java functions are a closed table»).

Source: DMN 1.5 §10.3.2.13.3; The Java Language Specification; Java SE API, package java.lang.
"""

from service.feel.java import floating, formatting, integers, mathematics, texts
from service.feel.java.binding import external_function

__all__ = ["external_function", "floating", "formatting", "integers", "mathematics", "texts"]
