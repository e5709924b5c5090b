"""Texts whose words alone say that they are links: addresses for mail, and what cards end with."""

from __future__ import annotations

import re

MAIL = re.compile(r"^[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+$")
INTERNATIONAL_NUMBER = re.compile(r"^\+\d[\d\s().\-]{6,18}\d$")  # 8 to 20 signs from a plus
LONGEST = 32  # characters of what a card ends with, with its arrow
ARROWS = r"[\s.…:→›»>+↗⟶-]*"
# "Read more" and the like in the languages that prompts and mockups use most.
MORE = re.compile(
    r"^[«‹←<\s]*(?:"
    r"(?:read|learn|view|see|show|load|discover|explore|find out) (?:it )?(?:more|all|details?|everything)"
    r"(?: \w+)?|more (?:info|details)|(?:shop|order|book|buy|apply|join) now|continue reading"
    r"|forgot(?:ten)? (?:your |my )?password\??"
    r"|mehr (?:erfahren|lesen|anzeigen|infos?)|weiterlesen|alle (?:ansehen|anzeigen)|passwort vergessen\??"
    r"|en savoir plus|lire (?:la suite|plus)|voir (?:plus|tout|tous|toutes)|mot de passe oublié ?\??"
    r"|(?:leer|ver|saber|conocer|cargar) más|ver (?:todo|todos|todas|detalles)|¿olvidaste tu contraseña\??"
    r"|(?:leia|saiba|veja|ver|ler) mais|ver tudo|esqueceu a senha\??"
    r"|leggi (?:di più|tutto)|scopri di più|vedi (?:tutti|tutto)|lees (?:meer|verder)|meer lezen"
    r"|czytaj (?:więcej|dalej)|zobacz (?:więcej|wszystkie)|читать (?:далее|ещё|дальше)|узнать больше|подробнее"
    r"|показать ещё"
    r"|了解更多|查看(?:更多|全部|详情)|阅读(?:全文|更多)|続きを読む|もっと(?:見る|読む)|詳しく(?:見る|はこちら)?"
    r"|더 ?보기|자세히 ?보기|devamını oku|xem thêm|đọc thêm"
    rf"){ARROWS}$",
    re.IGNORECASE,
)


def find_target(text: str) -> str:
    """Return the address that a link with these words leads to, "#" where they do not say it."""
    words = text.strip()
    if MAIL.match(words):
        return f"mailto:{words}"
    if INTERNATIONAL_NUMBER.match(words):
        return "tel:+" + re.sub(r"\D", "", words)
    return "#"


def is_contact(text: str) -> bool:
    """Return True for an address for mail, and for a telephone number with its country's code."""
    return find_target(text) != "#"


def leads_on(text: str) -> bool:
    """Return True for "Read more" and the like, which a card or a list ends with."""
    return len(text) <= LONGEST and bool(MORE.match(text.strip()))
