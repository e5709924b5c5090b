"""What a person wants changed of a page from an outline, read by rule in any of the languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from studio.pipeline.outline.language import IN, NAMED, detect_language
from studio.pipeline.outline.prompt_reading import find_colors, find_sections
from studio.pipeline.outline.schema import Density, Outline, ThemeKey
from studio.pipeline.outline.section_kinds import SPECS, SectionKind
from studio.pipeline.outline.vocabulary import Vocabulary, load_vocabulary

Action = Literal[
    "add",
    "remove",
    "move",
    "layout",
    "columns",
    "count",
    "rename",
    "text",
    "theme",
    "dark",
    "accent",
    "density",
    "translate",
]
Where = Literal["", "before", "after", "first", "last", "up", "down"]


@dataclass(frozen=True, slots=True)
class Wish:
    """One change. `kind` is the section it is about, `value` what it becomes, `other` the section or
    text that it refers to.
    """

    action: Action
    kind: SectionKind | None = None
    value: str = ""
    number: int = 0
    where: Where = ""
    other: str = ""


# Verbs and places in the languages of the vocabularies.
ADD = r"\badd|insert|include|append|ergänz|füg|hinzu|ajout|insèr|añad|agreg|adicion|acrescent|aggiung|inserisc|добав|встав|添加|加上|增加|加入|追加|加えて"
REMOVE = r"\bremov|delet|drop|get rid|leave out|entfern|lösch|weglass|streich|supprim|enlèv|enlev|retir|quita|elimin|borra|remov|tira\b|tirar|apag|rimuov|togli|убер|удал|删除|删掉|去掉|移除|削除|消して|外して"
MOVE = r"\bmove|put|place|shift|swap|verschieb|setz|stell|rück|déplac|met[st]|place|muev|mueve|pon\b|coloc|mova|mover|spost|metti|перемест|передвин|постав|移动|移到|放到|放在|移動|動か"
RENAME = r"\brenam|call (?:it|us|the)|change the name|umbenenn|nenne? (?:es|uns|die|das)|heißen|renomm|appell|renombr|llam|renome|chame|rinomin|chiam|переимен|назов|назв|改名|改称|名称改|名前を"
CHANGE = r"\bchang|replac|ersetz|änder|remplac|chang|cambi|reemplaz|sustitu|mud[ae]|troc|substitu|sostitu|замен|измен|改成|改为|替换|换成|変え|変更|置き換え"
TRANSLATE = r"translat|übersetz|tradui|traduc|traduz|перев|翻译|翻訳"
BEFORE = r"\b(?:before|above|vor|über(?!\s*uns)|avant|au-dessus|antes|encima|acima|prima|sopra|перед|над)\b|之前|前面|上面|上方|の前|の上"
AFTER = r"\b(?:after|below|under|behind|nach|hinter|unter|après|sous|después|debajo|depois|abaixo|dopo|sotto|после|под)\b|之后|后面|下面|下方|の後|の下"
FIRST = r"\b(?:to the top|first|at the top|ganz nach oben|zuerst|an den anfang|en premier|en haut|al principio|arriba del todo|no topo|no início|in cima|all.inizio|в начало|наверх)\b|最前|最上|一番上|先頭"
LAST = r"\b(?:to the (?:bottom|end)|last|at the (?:bottom|end)|ganz nach unten|ans ende|zuletzt|à la fin|en bas|al final|no fim|no final|in fondo|alla fine|в конец|вниз)\b|最后|最下|一番下|末尾"
UP = r"\b(?:up|higher|nach oben|höher|plus haut|más arriba|mais acima|più in alto|выше)\b|上に"
DOWN = r"\b(?:down|lower|nach unten|tiefer|plus bas|más abajo|mais abaixo|più in basso|ниже)\b|下に"
COLUMNS = (
    r"(\d|\w+)\s*(?:columns?|spalten|colonnes?|columnas?|colunas?|colonn[ae]|колон\w+|столб\w+|列)"
)
LIGHT = r"\b(?:light|hell\w*|clair\w*|clar[oa]|chiar[oa]|светл\w+)\b|浅色|明るい"
QUOTED = r"[\"“„«「'‘]([^\"”“»」'’]{1,200})[\"”“»」'’]"
LAYOUT_WORDS: dict[str, str] = {
    "centered": r"cent(?:er|re)|mittig|zentrier|centrad|centré|centrat|по центру|居中|中央",
    "split": r"split|side by side|two columns|geteilt|nebeneinander|côte à côte|lado a lado|affianca|рядом|左右|並べ",
    "cover": r"cover|full[- ]?(?:width|bleed)|background picture|hintergrundbild|vollflächig|image de fond|imagen de fondo|imagem de fundo|sfondo|на весь экран|全屏|全幅|背景",
    "type": r"type only|only text|big type|nur text|große schrift|texte seul|solo texto|só texto|solo testo|только текст|纯文字|文字だけ",
    "cards": r"cards?|karten|cartes|tarjetas|cartões|schede|карточ|卡片|カード",
    "rows": r"rows?|zeilen|lignes|filas|linhas|righe|строк|行",
    "list": r"\blist\b|liste|lista|списк|列表|リスト",
    "grid": r"grid|raster|grille|cuadrícula|grade|griglia|сетк|网格|グリッド",
    "mosaic": r"mosaic|mosaik|mosaïque|mosaico|мозаик|马赛克|モザイク",
    "quote": r"single quote|one quote|ein zitat|une citation|una cita|uma citação|una citazione|одна цитата|一句",
}
THEMES: tuple[ThemeKey, ...] = ("bold", "calm", "warm", "editorial", "tech", "clear")
CLAUSES = r"[.;!?\n。；！？]|,\s*(?:and|und|et|y|e|и)\s|\b(?:and then|then|dann|puis|luego|depois|poi|затем)\b"


def read_wishes(prompt: str, outline: Outline) -> list[Wish]:
    """Return the changes that the prompt asks for; empty where a clause is not understood.

    Half a wish is no wish: what a rule cannot read as a whole is left to a model.
    """
    for language in dict.fromkeys((detect_language(prompt), outline.language)):
        wishes = _read_in_language(prompt, load_vocabulary(language), outline)
        if wishes:
            return wishes
    return []


def _read_in_language(prompt: str, words: Vocabulary, outline: Outline) -> list[Wish]:
    wishes: list[Wish] = []
    for clause in _split_clauses(prompt):
        found = list(_read_clause(clause, words, outline))
        if not found:
            return []
        wishes += found
    return wishes


def _split_clauses(prompt: str) -> list[str]:
    """Split at the ends of sentences outside quotation marks."""
    quotes: list[str] = []

    def keep(match: re.Match[str]) -> str:
        quotes.append(match[0])
        return f"§{len(quotes) - 1}§"

    plain = re.sub(QUOTED, keep, prompt)
    clauses = [clause.strip(" ,") for clause in re.split(CLAUSES, plain, flags=re.IGNORECASE)]
    return [
        re.sub(r"§(\d+)§", lambda match: quotes[int(match[1])], clause)
        for clause in clauses
        if clause
    ]


def _read_clause(clause: str, words: Vocabulary, outline: Outline) -> Iterator[Wish]:
    quoted = re.findall(QUOTED, clause)
    plain = re.sub(QUOTED, " ", clause)
    sections = [one for one in find_sections(plain, words)]
    if _has(TRANSLATE, plain):
        yield from _read_translation(plain)
    elif _has(RENAME, plain) and quoted:
        yield Wish("rename", value=quoted[-1])
    elif len(quoted) == 2 and (_has(CHANGE, plain) or "→" in plain):
        yield Wish("text", other=quoted[0], value=quoted[1])
    elif _has(REMOVE, plain) and sections:
        for one in sections:
            yield Wish("remove", one.kind)
    elif _has(ADD, plain) and sections:
        yield from _read_addition(plain, words)
    elif sections and (columns := _find_columns(plain, words)):
        yield Wish("columns", sections[0].kind, number=columns)
    elif sections and (layout := _find_layout(plain, sections[0].kind)):
        yield Wish("layout", sections[0].kind, value=layout)
    elif _has(MOVE, plain) and sections:
        yield from _read_move(plain, words)
    elif sections and sections[0].count:
        yield Wish("count", sections[0].kind, number=sections[0].count)
    elif not sections:  # "a red button" in a section does not ask for a red page
        yield from _read_look(plain, words, outline)


def _has(pattern: str, text: str) -> bool:
    return re.search(pattern, text, re.IGNORECASE) is not None


def _read_translation(clause: str) -> Iterator[Wish]:
    for language, names in NAMED.items():
        if re.search(rf"{IN}?(?:{names})(?!\w)", clause, re.IGNORECASE):
            yield Wish("translate", value=language)
            return


def _read_addition(clause: str, words: Vocabulary) -> Iterator[Wish]:
    head, where, other = _split_at_place(clause, words)
    for one in find_sections(head, words):
        yield Wish("add", one.kind, number=one.count, where=where, other=other)


def _read_move(clause: str, words: Vocabulary) -> Iterator[Wish]:
    head, where, other = _split_at_place(clause, words)
    moved = next(iter(find_sections(head, words)), None)
    if moved is None:
        return
    if not where:
        places: tuple[tuple[str, Where], ...] = (
            (FIRST, "first"),
            (LAST, "last"),
            (UP, "up"),
            (DOWN, "down"),
        )
        where = next((name for pattern, name in places if _has(pattern, clause)), "")
    if where:
        yield Wish("move", moved.kind, where=where, other=other)


def _split_at_place(clause: str, words: Vocabulary) -> tuple[str, Where, str]:
    """Return what stands before "above" or "below", that place, and the section named after it."""
    pairs: tuple[tuple[str, Where], ...] = ((BEFORE, "before"), (AFTER, "after"))
    for pattern, where in pairs:
        for match in re.finditer(pattern, clause, re.IGNORECASE):
            if words.language in ("zh", "ja"):  # "在价格之前": the section stands before its place
                other = list(find_sections(clause[: match.start()], words))
                others = list(find_sections(clause, words))
                if len(others) > 1 and other:
                    head = "".join(words.get_noun(one.kind) for one in others if one != other[-1])
                    return head, where, other[-1].kind
                continue
            other = list(find_sections(clause[match.end() :], words))
            if other:
                return clause[: match.start()], where, other[0].kind
    return clause, "", ""


def _find_columns(clause: str, words: Vocabulary) -> int:
    found = re.search(COLUMNS, clause, re.IGNORECASE)
    if found is None:
        return 0
    text = found[1].lower()
    number = int(text) if text.isdecimal() else words.numbers.get(text, 0)
    return number if 1 <= number <= 6 else 0


def _find_layout(clause: str, kind: SectionKind) -> str:
    layouts = SPECS[kind].layouts
    known = [name for name in layouts if name in LAYOUT_WORDS]
    return next((name for name in known if _has(LAYOUT_WORDS[name], clause)), "")


def _read_look(clause: str, words: Vocabulary, outline: Outline) -> Iterator[Wish]:
    if words.moods["dark"].search(clause):
        yield Wish("dark", value="dark")
    elif _has(LIGHT, clause):
        yield Wish("dark", value="light")
    for theme in THEMES:
        if words.moods[theme].search(clause) and theme != outline.look.theme:
            yield Wish("theme", value=theme)
            break
    densities: tuple[Density, ...] = ("compact", "airy")
    for density in densities:
        if words.moods[density].search(clause):
            yield Wish("density", value=density)
    color = next(find_colors(clause, words), "")
    if color:
        yield Wish("accent", value=color)
