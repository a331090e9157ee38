"""External Java functions: a closed table of pure static methods, with Java's own results."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from service.feel import Outcome, Surroundings, compile_expression
from service.feel.tree import ListOf

OFFICE = Surroundings(datetime(2026, 11, 24, tzinfo=UTC), ZoneInfo("Asia/Shanghai"))


def java(owner: str, signature: str, arguments: str) -> Outcome:
    """Return the outcome of calling a static method with FEEL arguments."""
    given = compile_expression(f"[{arguments}]").tree
    assert isinstance(given, ListOf)
    names = ", ".join(f"p{number}" for number in range(len(given.items)))
    binding = f'{{java: {{class: "java.lang.{owner}", method signature: "{signature}"}}}}'
    text = f"{{f: function({names}) external {binding}, r: f({arguments})}}.r"
    return compile_expression(text).evaluate({}, OFFICE)


@pytest.mark.parametrize(
    ("owner", "signature", "arguments", "expected"),
    [
        ("Math", "max(int,int)", "3, 4", 4),
        ("Math", "max( double , double )", "3.5, 4", 4),
        ("Math", "max(float,float)", "0.1, 0.2", Decimal("0.2")),
        ("Math", "sqrt(double)", "2", Decimal("1.4142135623730951")),
        ("Math", "abs(int)", "-2147483648", -2147483648),
        ("Math", "round(double)", "-2.5", -2),
        ("Math", "round(double)", "0.49999999999999994", 0),
        ("Math", "round(float)", "3000000000", 2147483647),
        ("Math", "rint(double)", "2.5", 2),
        ("Math", "floorMod(int,int)", "-7, 3", 2),
        ("Math", "floorDiv(long,long)", "-7, 2", -4),
        ("Math", "ceilDiv(int,int)", "7, 2", 4),
        ("Math", "multiplyHigh(long,long)", "9223372036854775807, 4", 1),
        ("Math", "fma(double,double,double)", "0.1, 10, -1", Decimal("5.551115123125783E-17")),
        ("Math", "ulp(float)", "1", Decimal("1.1920929E-7")),
        ("Math", "getExponent(double)", "0.75", -1),
        ("Math", "clamp(long,int,int)", "99, 1, 10", 10),
        ("Math", "hypot(double,double)", "3, 4", 5),
        ("Integer", "parseInt(java.lang.String)", '"-12"', -12),
        ("Integer", "valueOf(java.lang.String,int)", '"ff", 16', 255),
        ("Integer", "sum(int,int)", "2147483647, 1", -2147483648),
        ("Integer", "bitCount(int)", "-1", 32),
        ("Integer", "toHexString(int)", "-1", "ffffffff"),
        ("Integer", "toString(int,int)", "-255, 16", "-ff"),
        ("Integer", "reverse(int)", "1", -2147483648),
        ("Long", "numberOfTrailingZeros(long)", "8", 3),
        ("Short", "toUnsignedInt(short)", "-1", 65535),
        ("Byte", "valueOf(byte)", "-128", -128),
        ("Double", "parseDouble(java.lang.String)", '" 1.5e3d "', 1500),
        ("Double", "toString(double)", "10000000", "1.0E7"),
        ("Double", "toString(double)", "0.00012", "1.2E-4"),
        ("Double", "toString(double)", "100", "100.0"),
        ("Float", "toString(float)", "0.1", "0.1"),
        ("Float", "valueOf(java.lang.String)", '"16777217"', 16777216),
        ("Boolean", "parseBoolean(java.lang.String)", '"TRUE"', True),
        ("Character", "isDigit(char)", '"7"', True),
        ("Character", "toUpperCase(char)", '"ß"', "ß"),
        ("Character", "getNumericValue(char)", '"z"', 35),
        ("String", "valueOf(char)", '"a"', "a"),
        ("String", "valueOf(double)", "1", "1.0"),
        ("String", "valueOf(java.lang.Object)", "null", "null"),
        (
            "String",
            "join(java.lang.CharSequence, [Ljava.lang.CharSequence;)",
            '"-", "a", "b"',
            "a-b",
        ),
    ],
)
def test_a_method_gives_what_java_gives(
    owner: str, signature: str, arguments: str, expected: Any
) -> None:
    """Overloads are picked by signature; numbers wrap, round and are written as Java does."""
    outcome = java(owner, signature, arguments)

    assert outcome.diagnostics == ()
    assert outcome.value == expected
    assert type(outcome.value) in (type(expected), Decimal)


@pytest.mark.parametrize(
    ("pattern", "arguments", "expected"),
    [
        ("%s and %s", '"a", 1.50', "a and 1.50"),
        ("%2$s %1$s %<s", '"a", "b"', "b a a"),
        ("[%5s|%-5s|%.2s]", '"abc", "abc", "abc"', "[  abc|abc  |ab]"),
        ("%S %b %B %s", '"a", true, null, null', "A true FALSE null"),
        ("%.2f", "2.345", "2.35"),
        ("%,.1f", "1234567.25", "1,234,567.3"),
        ("%08.2f|%+.0f|% .0f|%(.1f", "-1.5, 2.5, 3, -4", "-0001.50|+3| 3|(4.0)"),
        ("%f", "1", "1.000000"),
        ("%e %E", "12345.678, 0", "1.234568e+04 0.000000E+00"),
        ("%.3g %g", "0.00001234, 1234567.8", "1.23e-05 1.23457e+06"),
        ("%.3g", "999.99", "1.00e+03"),
        ("100%%%n", "1", "100%\n"),
    ],
)
def test_format_follows_javas_formatter(pattern: str, arguments: str, expected: str) -> None:
    """Width, precision, flags and argument indexes mean what java.util.Formatter says."""
    signature = "format(java.lang.String, [Ljava.lang.Object;)"
    outcome = java("String", signature, f'"{pattern}", {arguments}')

    assert (outcome.value, outcome.diagnostics) == (expected, ())


@pytest.mark.parametrize(
    ("owner", "signature", "arguments", "kind"),
    [
        ("Runtime", "getRuntime()", "", "function_not_found"),
        ("System", "exit(int)", "1", "function_not_found"),
        ("Math", "random()", "", "function_not_found"),
        ("Math", "max(java.lang.String,java.lang.String)", '"1", "2"', "function_not_found"),
        ("Math", "max", "1, 2", "function_not_found"),
        ("Math", "max(int,int)", "1.5, 2", "bad_argument"),
        ("Math", "max(int,int)", "1, 2147483648", "bad_argument"),
        ("Math", "addExact(int,int)", "2147483647, 1", "arithmetic"),
        ("Math", "floorDiv(int,int)", "1, 0", "arithmetic"),
        ("Math", "sqrt(double)", "-1", "arithmetic"),
        ("Math", "exp(double)", "1000", "arithmetic"),
        ("Math", "scalb(double,int)", "1, 2147483647", "arithmetic"),
        ("Byte", "valueOf(byte)", "128", "bad_argument"),
        ("Integer", "parseInt(java.lang.String)", '"1_0"', "arithmetic"),
        ("String", "valueOf(char)", '"ab"', "bad_argument"),
        ("String", "format(java.lang.String,[Ljava.lang.Object;)", '"%d", 1', "bad_argument"),
        ("String", "format(java.lang.String,[Ljava.lang.Object;)", '"%s %s", 1', "bad_argument"),
        ("String", "format(java.lang.String,[Ljava.lang.Object;)", '"%-s", 1', "bad_argument"),
        ("String", "format(java.lang.String,[Ljava.lang.Object;)", '"%", 1', "bad_argument"),
    ],
)
def test_what_java_refuses_or_the_table_lacks_is_null(
    owner: str, signature: str, arguments: str, kind: str
) -> None:
    """Unknown methods, unfit arguments and results without a number are null with a reason."""
    outcome = java(owner, signature, arguments)

    assert outcome.value is None
    assert kind in [found.kind for found in outcome.diagnostics]


def test_pmml_and_other_bindings_are_null() -> None:
    """Only Java's table is known; a model in PMML is null with a diagnostic."""
    text = 'function(x) external {pmml: {document: "a.pmml", model: "m"}}'
    outcome = compile_expression(text).evaluate({}, OFFICE)

    assert outcome.value is None
    assert outcome.diagnostics[0].kind == "function_not_found"


def test_a_width_as_large_as_the_memory_is_a_limit() -> None:
    """A format cannot make a text longer than texts may be."""
    signature = "format(java.lang.String,[Ljava.lang.Object;)"

    outcome = java("String", signature, '"%99999999s", 1')

    assert [found.kind for found in outcome.diagnostics] == ["limit_exceeded"]
