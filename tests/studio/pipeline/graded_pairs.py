"""Pairs of mockup and render that a person graded 1-5 by eye, before any score of theirs was
computed.

5: looks the same; 4: small faults; 3: one main thing is wrong or missing; 2: much is wrong; 1:
another page. Every second pair was held out: the weights of the measure were never fitted on it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class GradedPair:
    """A page of `graded_pages` with rules added or a script run in it, and the grade of what it
    looks like.
    """

    page: str
    name: str
    grade: float
    css: str = ""
    script: str = ""


def each(found: str, action: str) -> str:
    """Return the script that does something to each element `e` of a list."""
    return f"$('{found}').forEach(e => {{ {action} }})"


WRONG_LETTERS = "e.textContent = [...e.textContent].map((c, i) => /[a-z]/.test(c) && i % 3 == 1 ? 'xoeuncm'[i % 7] : c).join('')"  # noqa: E501
GLYPH_BOXES = "e.textContent = e.textContent.replace(/[a-z]/gi, '\\u25af')"
SHATTERED = """$('.photo').forEach(e => { const holder = document.createElement('div');
  holder.style = 'position:relative;height:150px;overflow:hidden;margin-bottom:10px';
  for (let i = 0; i < 12; i++) { const piece = document.createElement('i');
    piece.style = `position:absolute;width:30%;height:40%;left:${(i * 37) % 80}%;top:${(i * 53) % 70}%;
      background:url(${e.src}) ${i * 17}px ${i * 29}px`;
    holder.append(piece) }
  e.replaceWith(holder) })"""
DOUBLED = """$('p').forEach(e => { const ghost = e.cloneNode(true), box = e.getBoundingClientRect();
  ghost.style = `position:absolute;left:${box.left + 3}px;top:${box.top + 6}px;width:${box.width}px;
    margin:0;opacity:.7`;
  document.body.append(ghost) })"""

GRADED_PAIRS = (
    GradedPair("rating", "the same", 5),
    GradedPair("rating", "card gone, words stay", 2.5, css=".card{background:none!important}"),
    GradedPair(
        "rating", "card and circles gone", 2, css=".card,.star,.row i{background:none!important}"
    ),
    GradedPair("rating", "circles gone", 3.5, css=".star,.row i{background:none!important}"),
    GradedPair("rating", "everything of the card gone", 1, css=".card{visibility:hidden}"),
    GradedPair("rating", "button gone", 3, css=".send{visibility:hidden}"),
    GradedPair("rating", "button blue", 3.5, css=".send{background:#2563eb!important}"),
    GradedPair("rating", "text 2 px lower", 5, css="h1,p{position:relative;top:2px}"),
    GradedPair("rating", "card of other grey", 4, css=".card{background:#29323d!important}"),
    GradedPair("rating", "square corners", 4, css=".card{border-radius:0!important}"),
    GradedPair("rating", "card at the left top", 2, css="body{place-items:start!important}"),
    GradedPair("panels", "the same", 5),
    GradedPair("panels", "main card gone", 3, css=".main{background:none!important}"),
    GradedPair("panels", "main card and its chart gone", 1.5, css=".main{visibility:hidden}"),
    GradedPair("panels", "chart gone", 2, css=".bars i{background:none!important}"),
    GradedPair("panels", "both cards gone", 2.5, css=".main,.side{background:none!important}"),
    GradedPair("panels", "lines gone", 4.5, css=".item,.bar{border-color:transparent!important}"),
    GradedPair("panels", "bars in other colour", 3, css=".bars i{background:#e11d48!important}"),
    GradedPair("panels", "serif", 3.5, css="*{font-family:'DejaVu Serif'!important}"),
    GradedPair("panels", "columns stacked", 2, css=".grid{grid-template-columns:1fr!important}"),
    GradedPair(
        "panels",
        "up and down colours swapped",
        4,
        css=".up{color:#f87171!important}.down{color:#4ade80!important}",
    ),
    GradedPair("pale", "the same", 5),
    GradedPair("pale", "pale cards gone", 3, css=".card{background:none!important}"),
    GradedPair("pale", "field border gone", 4, css=".field{border-color:transparent!important}"),
    GradedPair(
        "pale",
        "letter read wrongly",
        4.5,
        script=each(
            ".lead,h3",
            "e.textContent = e.textContent.replace('AI', 'Al').replace('Stalls', 'Sta1ls')",
        ),
    ),
    GradedPair("pale", "strike lost", 4.5, css=".old{text-decoration:none!important}"),
    GradedPair("pale", "headings light", 3.5, css="h1,h3,.price,b{font-weight:400!important}"),
    GradedPair("pale", "all letters wrong", 2, script=each("h1,h3,p,.field", WRONG_LETTERS)),
    GradedPair("pale", "mono for sans", 3, css="*{font-family:'Liberation Mono'!important}"),
    GradedPair(
        "pale", "cards cut to one column", 2, css=".cards{grid-template-columns:1fr!important}"
    ),
    GradedPair("pale", "button gone", 3, css=".send{visibility:hidden}"),
    GradedPair(
        "pale", "middle card missing", 2.5, script="$('.card')[1].style.visibility='hidden'"
    ),
    GradedPair("shop", "the same", 5),
    GradedPair("shop", "one photo missing", 3, script="$('.photo')[1].style.visibility='hidden'"),
    GradedPair("shop", "all photos missing", 1.5, css=".photo{visibility:hidden}"),
    GradedPair(
        "shop",
        "photos stretched",
        2.5,
        css=".photo{object-fit:fill!important;height:240px!important}",
    ),
    GradedPair("shop", "icons missing", 4, css=".icon{visibility:hidden}"),
    GradedPair("shop", "hero flat", 4, css=".hero{background:#a06a42!important}"),
    GradedPair("shop", "hero gone", 2, css=".hero{background:none!important}"),
    GradedPair("shop", "borders gone", 4.5, css=".item{border-color:transparent!important}"),
    GradedPair("shop", "photos shattered", 2, script=SHATTERED),
    GradedPair("shop", "header missing, content moves up", 3, script="$('.bar')[0].remove()"),
    GradedPair("shop", "everything 12 px lower", 4, css="html{padding-top:12px}"),
    GradedPair(
        "shop",
        "item colours swapped",
        4.5,
        css=".item{background:#faf7f2!important}body{background:#fff!important}",
    ),
    GradedPair("shop", "last row missing", 2, script="$('.item').slice(3).forEach(e=>e.remove())"),
    GradedPair("article", "the same", 5),
    GradedPair("article", "sans for serif", 3, css="body{font-family:'Liberation Sans'!important}"),
    GradedPair("article", "looser lines", 4, css="body{line-height:31px!important}"),
    GradedPair(
        "article", "quote bar gone", 4.5, css="blockquote{border-color:transparent!important}"
    ),
    GradedPair(
        "article",
        "tags without pills, code without chip",
        4,
        css=".tag,code{background:none!important;padding:0!important}",
    ),
    GradedPair("article", "a paragraph missing", 2.5, css=".second{display:none}"),
    GradedPair("article", "doubled text", 2, script=DOUBLED),
    GradedPair("article", "glyph boxes", 2, script=each(".lead,.second", GLYPH_BOXES)),
    GradedPair("article", "page at 1.5 size", 2, css="html{zoom:1.5}"),
    GradedPair("article", "page at 3 times", 1, css="html{zoom:3}"),
    GradedPair("article", "the byline heavier", 4.5, css=".by{font-weight:700}"),
    GradedPair("article", "lost title", 2.5, css="h1{visibility:hidden}"),
    GradedPair("phone", "the same", 5),
    GradedPair("phone", "white lists gone", 3, css=".list{background:none!important}"),
    GradedPair("phone", "first list missing", 2, css=".first{visibility:hidden}"),
    GradedPair("phone", "tab bar missing", 3, css=".tabs{visibility:hidden}"),
    GradedPair("phone", "1.25 size", 2.5, css="html{zoom:1.25}"),
    GradedPair("phone", "values missing", 3, css=".list i{visibility:hidden}"),
    GradedPair(
        "bakery",
        "on its side",
        1,
        css="html{transform:rotate(90deg);transform-origin:0 0;position:relative;left:500px}",
    ),
    GradedPair("bakery", "cards white", 4, css=".card{background:#fff!important}"),
    GradedPair("bakery", "cards all gone", 2, css=".card{visibility:hidden}"),
    GradedPair("bakery", "1 px right", 5, css="main{position:relative;left:1px}"),
    GradedPair("bakery", "photo blurred", 3.5, css=".photo{filter:blur(6px)}"),
    GradedPair("bakery", "header colour green", 3, css=".bar{background:#15803d!important}"),
    GradedPair(
        "bakery",
        "unstyled",
        1,
        script="document.querySelectorAll('style').forEach((s,i)=>s.remove())",
    ),
    GradedPair("bakery", "blank", 1, css="body{visibility:hidden}html{background:#fff}"),
    GradedPair("station", "sidebar panel gone", 3.5, css=".bar{background:none!important}"),
    GradedPair(
        "station",
        "cards gone",
        3,
        css=".card{background:none!important;border-color:transparent!important}",
    ),
    GradedPair(
        "station",
        "inverted to light",
        2,
        css="body{background:#f1f5f9!important;color:#0f172a!important}.bar,.card{background:#fff!important;border-color:#cbd5e1!important}",
    ),
    GradedPair("station", "photo missing", 2.5, css=".photo{visibility:hidden}"),
    GradedPair("letter", "sheet not white", 3.5, css=".sheet{background:none!important}"),
    GradedPair("letter", "smaller text all", 3, css="p,h2,.foot{font-size:11px!important}"),
    GradedPair(
        "letter",
        "purple to blue",
        3.5,
        css=".action{background:#2563eb!important}.sheet{border-color:#2563eb!important}.menu{color:#2563eb!important}",
    ),
    GradedPair(
        "letter", "order of cards changed", 3, script="const c=$('.card');c[0].before(c[2])"
    ),
)
