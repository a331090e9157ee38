"""Trees into closures; importing this room fills the table of node kinds."""

from service.feel.compiling import access, literals, loops, operators, unary
from service.feel.compiling.compiler import Code, Compiler

__all__ = ["Code", "Compiler", "access", "literals", "loops", "operators", "unary"]
