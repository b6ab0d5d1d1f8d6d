"""API functions inside ``${…}``: the time, and sums (``mod_commands.c``, ``mod_expr.c``)."""

import ast
import math
import operator
import re
from collections.abc import Callable

_CALL = re.compile(r"(\w+)\((.*)\)", re.DOTALL)
_SUMS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_FUNCTIONS: dict[str, Callable[..., float]] = {"floor": math.floor, "ceil": math.ceil, "abs": abs, "mod": math.fmod}


def called(text: str, now: float) -> str | None:
    """What ``NAME(ARGUMENT)`` gives; None where it is not called so. An unknown function gives nothing."""
    call = _CALL.fullmatch(text)
    if call is None:
        return None
    name, argument = call.groups()
    if name == "strepoch":
        return str(int(now))
    return _expr(argument) if name == "expr" else ""


def _expr(text: str) -> str:
    """A sum of numbers. There is no ``%``; the remainder is ``mod(A,B)`` (``exprpars.c``)."""
    try:
        value = _value(ast.parse(text.strip(), mode="eval").body)
    except (SyntaxError, TypeError, ValueError, ZeroDivisionError):
        return "!err!"
    return f"{value:.10f}".rstrip("0").rstrip(".")


def _value(node: ast.expr) -> float:
    match node:
        case ast.Constant(value=int() | float() as number):
            return float(number)
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _SUMS:
            return _SUMS[type(sign)](_value(left), _value(right))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand)
        case ast.Call(func=ast.Name(id=name), args=arguments) if name in _FUNCTIONS:
            return float(_FUNCTIONS[name](*map(_value, arguments)))
    raise ValueError("no sum")
