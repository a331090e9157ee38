"""XPath regular expressions, run by an own matcher that counts its steps and so cannot hang.

Source: XQuery and XPath Functions 3.1 §5.6, XML Schema Part 2 appendix G (DMN 1.5 §10.3.4.3).
"""

from service.feel.regex.matching import Match, Regex, compiled_regex
from service.feel.regex.replacing import expanded

__all__ = ["Match", "Regex", "compiled_regex", "expanded"]
