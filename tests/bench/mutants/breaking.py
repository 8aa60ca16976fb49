"""Owns the ways in which a module is broken: every place, what becomes of it, and the module that comes of it."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[3]
_RULES: Final = (
    *("alarms", "approvals", "balances", "checkout", "dates", "diagnosis", "instants", "journal", "limits", "money"),
    *("reactivation", "status", "thresholds", "transfers", "validity", "zero"),
)
TARGETS: Final = (
    *(f"models/rules/{name}.py" for name in _RULES),
    *(str(path.relative_to(ROOT)) for path in sorted((ROOT / "models" / "desk").glob("*.py"))),
    "models/ledger.py",
)
_SWAPPED: Final[dict[type[ast.AST], type[ast.AST]]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
}
_Change = Callable[[Any], None]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A module broken at one place."""

    target: str
    line: int
    stands: str
    """The line as it stands in the module."""
    what: str
    """What stood there, and what became of it."""
    tree: ast.Module

    @property
    def name(self) -> str:
        """How it is listed."""
        return f"{self.target}:{self.line}: {self.what}"

    @property
    def key(self) -> str:
        """What it is known by while lines of the module come and go elsewhere."""
        return f"{self.target}: {self.stands}: {self.what}"

    @property
    def source(self) -> str:
        """The whole module."""
        return ast.unparse(self.tree)


def count(target: str) -> int:
    """How many mutants a module has."""
    return sum(1 for _ in _points(_parsed(target)))


def mutant(target: str, place: int) -> Mutant:
    """A module broken at one of its places, counted from zero."""
    tree = _parsed(target)
    node, what, change = list(_points(tree))[place]
    before = ast.unparse(node).splitlines()[0][:80]
    change(node)
    stands = (ROOT / target).read_text(encoding="utf-8").splitlines()[node.lineno - 1].strip()
    return Mutant(target, node.lineno, stands, f"{before}: {what}", ast.fix_missing_locations(tree))


def _parsed(target: str) -> ast.Module:
    return ast.parse((ROOT / target).read_text(encoding="utf-8"))


def _points(tree: ast.Module) -> Iterator[tuple[Any, str, _Change]]:
    """Every place that can be broken: the node, what becomes of it, and what breaks it."""
    skipped = {id(inner) for node in ast.walk(tree) for part in _not_of_interest(node) for inner in ast.walk(part)}
    for node in ast.walk(tree):
        if id(node) in skipped or not hasattr(node, "lineno"):
            continue
        for what, change in _changes(node):
            yield node, what, change


def _not_of_interest(node: ast.AST) -> Iterator[ast.AST]:
    """Annotations and decorators."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        yield from node.decorator_list
    if isinstance(node, ast.FunctionDef) and node.returns is not None:
        yield node.returns
    if isinstance(node, ast.arg | ast.AnnAssign) and node.annotation is not None:
        yield node.annotation
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        yield node


def _changes(node: ast.AST) -> Iterator[tuple[str, _Change]]:
    match node:
        case ast.Compare(ops=[operator]) if type(operator) in _SWAPPED:
            yield _swap("ops", _SWAPPED[type(operator)], is_list=True)
        case ast.BoolOp() | ast.BinOp() if type(node.op) in _SWAPPED:
            yield _swap("op", _SWAPPED[type(node.op)])
        case ast.UnaryOp(op=ast.Not()):
            yield "without not", lambda it: setattr(it, "operand", ast.UnaryOp(ast.Not(), it.operand))
        case ast.Constant(value=bool(value)):
            yield f"{not value}", lambda it: setattr(it, "value", not value)
        case ast.Constant(value=int(value)):
            yield f"{value + 1}", lambda it: setattr(it, "value", value + 1)
        case ast.If() | ast.IfExp() if isinstance(node.test, ast.Name | ast.Attribute | ast.Call):
            yield "if not", lambda it: setattr(it, "test", ast.UnaryOp(ast.Not(), it.test))
        case ast.Expr(value=ast.Call()):
            yield "left away", lambda it: setattr(it, "value", ast.Constant(None))
        case ast.Return(value=ast.expr()) if not isinstance(node.value, ast.Constant):
            yield "returns None", lambda it: setattr(it, "value", ast.Constant(None))


def _swap(name: str, operator: type[ast.AST], *, is_list: bool = False) -> tuple[str, _Change]:
    return operator.__name__, lambda it: setattr(it, name, [operator()] if is_list else operator())
