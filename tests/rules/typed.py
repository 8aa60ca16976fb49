"""What is typed, pasted or sent to find a card by somebody who means no good, or has the wrong text at hand."""

from typing import Final

from rules.payloads import PAYLOADS

SIGNATURE: Final = """\
Best regards / Mit freundlichen Grüßen

Ada Lovelace | Analyst
Northwind Traders GmbH · Москва
☎ +44 (0)113 496 0000 • mailto:ada@example.org
"This e-mail is confidential. 100% of it. If you are not the recipient, delete_it \\ tell us."
>> On Thu, 21 May 2026 at 14:30, Desk <desk@example.org> wrote:
"""

_OPERATORS: Final = r"""
NEAR(ada lovelace)
ada NEAR/3 lovelace
ada AND lovelace
ada OR 1
NOT ada
ada*
^ada
ada -bob
name_key : ada
{name email} : ada
"ada
""
"
''
ada + lovelace
(ada
ada)
((()))
*
text:ada
rowid:1
-ada
+ada
ada|bob
ada & bob
!ada
<->
ada:*
@@
' OR '1'='1
'; DROP TABLE gift_card; --
" OR ""="
') UNION SELECT * FROM code_digest --
1; SELECT 1
/* ada */
-- ada
\'; --
%s
%(name)s
%%
$1
?1
:name
@p1
{0}
$$ada$$
E'\x41'
"""

_WILDCARDS: Final = r"""
%
%%%
_
____
\
\
\%
a%
%a
a_a
100%_\
%@%
_@_
@%
ada@%
[a-z]
[%]
^%
?
a?a
%lovelace%
_da
ad_
\_
%\
"""

_FILTERS: Final = r"""
place:%
place:_
place:\
place:"
place:'
place:
place:*
on:
on:nonsense
on:31.02.2026
on:0000-00-00
on:9999-12-31..
on:..0001-01-01
on:2026-13
on:%
on:2026..2025
on:last century
on:-1
on:1e9
on:2026-05-21T
status:%
status:'
status:nothing
status:a,q,x
product:%
product:_
product:\
order:%
order:_
order:'
vip:vip
name:%
name:_
name:'
:ada
place:leeds on:may status:active product:half order:1 vip ada
place:leeds place:york place:% on:2026 on:2025
"""

_SIGNS: Final = r"""
...
---
!!!
()
[]
<>
#
##
#?
??
[@click=app.exit]x[/]
[bold
{reason}
=1+1
../../etc/passwd
null
None
NaN
-1
1e309
0x10
"""

_UNPRINTABLE: Final = (
    *("", " ", "\t", "\n", "\u3000", "\u200b", "\ufeff", "\u202eada\u202c", "\u2066ada\u2069", "\ude00"),
    *("\U0001f468\u200d\U0001f469\u200d\U0001f467", "a\u0301\u0302\u0303", "ada\x00lovelace", "ada\ud83dlovelace"),
    *("\x1b[2Jada", "ada\r\nlovelace", "\u0130\u0131\u1e9e\u00df", "\u00bd", "\ud8012345678923456789", "\u2163"),
    *("23456789\x00 23456789", "\u0967\u0968\u0969\u096a", "\uff12\uff13\uff14\uff15", "on:\u0661\u0662-05-2026"),
)

_ENDLESS: Final = (
    *("x" * 10_000, "x" * 1_000_000, "?" * 1_000_000, "2" * 1_000_000, "2345 " * 200_000, "a@b.c " * 100_000),
    *("\n" * 1_000_000, "\u0301" * 100_000, "\x00" * 100_000, "\ud800" * 10_000, "\ufdfa" * 50_000, "e\u0301" * 50_000),
    *(" " * 1_000_000, " ".join(f"word{number}" for number in range(10_000)), "a " * 100_000, "the of and " * 1_000),
    *("@" * 100_000, '"' * 100_000, "2345678923456789" * 20, "Q" * 33, "0" * 32, "O0QDI1LS5B8Z2G6UV" * 2, "1" * 19),
    *("?" + "2" * 40, "2?" * 9, "place:" + "x" * 10_000, "on:" + "9" * 400, "order:" + "1" * 5_000, "order " * 2_000),
    *("place:leeds " * 10_000, "on:may " * 10_000, " ".join(f"place:p{number}" for number in range(10_000))),
    *("a:b " * 10_000, "vip " * 3_000, "%" * 254, "_" * 254, "\\" * 254),
)

_LINES: Final = f"{_OPERATORS}{_WILDCARDS}{_FILTERS}{_SIGNS}".split("\n")
HOSTILE: Final = (*PAYLOADS, *_LINES, *_UNPRINTABLE, *_ENDLESS, SIGNATURE)

PIECES: Final = (
    *("ada", "lovelace", "10482", "leeds", "on:", "place:", "status:", "product:", "order:", "name:", "vip", "may"),
    *(" ", " ", "%", "_", "\\", "'", '"', "*", "?", "#", "(", ")", ":", "-", ".", ",", ";", "\n", "\x00", "\ud800"),
    *("\u0301", "2", "..", "@"),
)
"""Whatever means something in the field, to be put together by chance."""
