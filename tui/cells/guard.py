"""Whether Textual is inside what these modules rely on, looked up once, before anything is drawn."""

from collections.abc import Iterator
from importlib import import_module
from types import CodeType
from typing import Final, NamedTuple


class _Reliance(NamedTuple):
    """A function of Textual's: where it is, what it is given, and what it must know of."""

    module: str
    name: str
    arguments: tuple[str, ...]
    names: tuple[str, ...] = ()


_RELIANCES: Final = (
    _Reliance(
        "textual.app",
        "App._display",
        ("self", "screen", "renderable"),
        (
            *("_batch_count", "_running", "_closed", "is_headless", "_driver", "console", "post_display_hook"),
            *("outer_size", "clamp_offset", "cursor_position", "is_inline", "render_segments", "write", "flush"),
        ),
    ),
    _Reliance("textual.app", "App._begin_update", ("self",), ("_sync_available", "_driver", "write")),
    _Reliance("textual.screen", "Screen._compositor_refresh", ("self",), ("render_update", "_display")),
    _Reliance(
        "textual._compositor", "LayoutUpdate.render_segments", ("self", "console"), ("strips", "region", "render")
    ),
    _Reliance(
        "textual._compositor",
        "ChopsUpdate.render_segments",
        ("self", "console"),
        ("chops", "spans", "chop_ends", "items", "crop", "render"),
    ),
    _Reliance("textual.strip", "Strip.render", ("self", "console"), ("_segments", "_color_system")),
    _Reliance("textual.drivers.linux_driver", "LinuxDriver.write", ("self", "data")),
    _Reliance("textual.drivers.linux_driver", "LinuxDriver.start_application_mode", ("self",), ("write", "flush")),
    _Reliance("textual.drivers.linux_driver", "LinuxDriver.stop_application_mode", ("self",), ("write", "flush")),
    _Reliance("rich.cells", "split_graphemes", ("text", "unicode_version")),
)


def why_not() -> str | None:
    """The first thing that is not what is relied on, as part of a sentence; None if everything is."""
    return next((why for reliance in _RELIANCES for why in _unmet(reliance)), None)


def _unmet(reliance: _Reliance) -> Iterator[str]:
    where = f"{reliance.module}.{reliance.name}"
    try:
        found: object = import_module(reliance.module)
        for part in reliance.name.split("."):
            found = getattr(found, part)
    except (ImportError, AttributeError):
        yield f"there is no {where}"
        return
    code = getattr(found, "__code__", None)
    if not isinstance(code, CodeType):
        yield f"{where} is no function"
        return
    if code.co_varnames[: code.co_argcount] != reliance.arguments:
        yield f"{where} takes other arguments"
    known = set(_names(code))
    missing = [name for name in reliance.names if name not in known]
    if missing:
        yield f"{where} knows no {missing[0]}"


def _names(code: CodeType) -> Iterator[str]:
    """Whatever is named in a function and in what it has inside."""
    yield from (*code.co_names, *code.co_varnames, *code.co_cellvars, *code.co_freevars)
    for inside in code.co_consts:
        if isinstance(inside, CodeType):
            yield from _names(inside)
