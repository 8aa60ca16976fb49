"""The HTML of e-mails: read strictly and in one pass, so that nothing active and nothing ambiguous goes out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Final

_TAGS: Final = frozenset(
    re.findall(
        r"\S+",
        """
    html head title meta style body table caption colgroup col thead tbody tfoot tr th td p div span br hr wbr
    h1 h2 h3 h4 h5 h6 a img b strong i em u s small sub sup del ins mark abbr cite q blockquote pre code center font
    ul ol li dl dt dd address section article header footer main nav figure figcaption bdi bdo
    """,
    )
)
_TAG: Final = re.compile(r"</?([A-Za-z][A-Za-z0-9]*+)((?:[^<>\"']|\"[^\"<>]*\"|'[^'<>]*')*)>")
_ATTRIBUTE: Final = re.compile(r"([^\s\"'=/]++)(?:\s*+=\s*+(\"[^\"]*+\"|'[^']*+'|[^\s\"']++))?")
_COMMENT: Final = "<!--"
_ODD_COMMENT: Final = re.compile(r"<!---?>|--!>")
# Within these a tag is no tag: their text ends where they do.
_VERBATIM: Final = {name: re.compile(rf"</{name}\b", re.IGNORECASE) for name in ("style", "title")}
_BLANKS: Final = re.compile(r"[\x00-\x20]+")
_ACTIVE: Final = re.compile(r"(javascript|vbscript|data(?!:image/(png|gif|jpeg))):")


@dataclass(frozen=True, slots=True)
class Markup:
    """What was read of a piece of HTML."""

    text: str
    """What stands between its tags, and in no style and no comment."""
    problem: str | None = None
    """What it may not hold, as a sentence; it was read up to there."""


class _Unreadable(Exception):
    """Ends the reading; its text is the sentence, which the line follows."""


def read_markup(html: str) -> Markup:
    """The text of HTML, and the first thing in it that e-mails may not hold."""
    texts: list[str] = []
    try:
        texts.extend(_texts(html))
    except _Unreadable as wrong:
        sentence, at = wrong.args
        line = html.count("\n", 0, at) + 1
        return Markup("\n".join(texts), f"The HTML {sentence} (line {line}).")
    return Markup("\n".join(texts))


def _texts(html: str) -> Iterator[str]:
    at = 0
    while at < len(html):
        start = html.find("<", at)
        start = len(html) if start < 0 else start
        yield html[at:start]
        if start == len(html):
            return
        at, name = _after(html, start)
        if name in _VERBATIM:
            end = _VERBATIM[name].search(html, at)
            if end is None:
                raise _Unreadable(f"has a <{name}> that does not end", start)
            if name == "title":
                yield html[at : end.start()]
            at = end.start()


def _after(html: str, start: int) -> tuple[int, str]:
    """Where what begins with this < ends, and the name of a tag that opens something."""
    if html.startswith(_COMMENT, start):
        return _after_comment(html, start), ""
    if html.startswith(("<!", "<?"), start):
        end = html.find(">", start)
        if end < 0:
            raise _Unreadable("has a < that nothing closes", start)
        return end + 1, ""
    tag = _TAG.match(html, start)
    if tag is None:
        raise _Unreadable("has a < that begins no tag, or a tag that is not closed; a sign is written &lt;", start)
    name = tag[1].lower()
    if name not in _TAGS:
        raise _Unreadable(f"holds <{name[:20]}>, which has no place in an e-mail", start)
    wrong = _wrong_attribute(name, tag[2])
    if wrong is not None:
        raise _Unreadable(wrong, start)
    return tag.end(), "" if html.startswith("</", start) else name


def _after_comment(html: str, start: int) -> int:
    end = html.find("-->", start)
    if end < 0:
        raise _Unreadable("has a comment that does not end", start)
    if _ODD_COMMENT.search(html, start, end + 3):
        raise _Unreadable("has a comment that mail programs end at different places", start)
    return end + 3


def _wrong_attribute(tag: str, attributes: str) -> str | None:
    for found in _ATTRIBUTE.finditer(attributes):
        name, value = found[1].lower(), _BLANKS.sub("", unescape((found[2] or "").strip("\"'"))).lower()
        if name.startswith("on") or name in ("srcdoc", "formaction"):
            return f"has the attribute {name[:20]}, which would run a program"
        if _ACTIVE.match(value) or (tag == "meta" and value == "refresh"):
            return f"has a value of {name[:20]} that would run a program or leave the e-mail"
    return None
