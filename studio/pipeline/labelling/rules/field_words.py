"""Words that a form's fields show while they are empty, in the languages that mockups use most."""

from __future__ import annotations

import re

LONGEST = 5  # words of a placeholder
FIELD = re.compile(
    r"^(?:(?:please )?(?:enter|type|write|add)\b|search\b|ex(?:ample)?@"
    r"|(?:your|full|first|last|user) ?(?=name|e-?mail|phone|message|password|subject))"
    r"|^(?:your |full |first |last |user|company |work |business )?"
    r"(?:names?|e-?mails?|e-?mail addresse?s?|phone|phone number|mobile|telephone|subject|message|comments?|password"
    r"|confirm password|address|company|website|zip(?: code)?|city|country|date|budget)[ *…:.]*$"
    r"|^tell (?:us |me )?(?:more )?about"
    r"|^(?:(?:vor|nach)?name|telefon(?:nummer)?|betreff|nachricht|passwort|suchen?)\b"
    r"|^ihre? (?:name|e-?mail|nachricht)\b"
    r"|^(?:(?:votre |pré)?nom|courriel|téléphone|sujet|mot de passe|recherche[rz]?|votre (?:e-?mail|message))\b"
    r"|^(?:(?:tu |su )?(?:nombre|correo|mensaje)|apellidos?|teléfono|asunto|contraseña|buscar)\b"
    r"|^(?:(?:seu |sua )?(?:nome|mensagem)|sobrenome|assunto|senha|telefone|pesquisar)\b"
    r"|^(?:cognome|oggetto|messaggio|cerca|imię|nazwisko|wiadomość|hasło|szukaj)\b"
    r"|^(?:(?:ваше )?имя|почта|телефон|сообщение|пароль|поиск)\b"
    r"|^(?:请输入|姓名|邮箱|电子邮件|手机|电话|密码|搜索|主题|留言)|^(?:お名前|メール|電話|パスワード|検索|件名)",
    re.IGNORECASE,
)


# What asks for more than one line.
MESSAGE = re.compile(
    r"^(?:(?:please )?(?:enter|type|write|add) )?(?:(?:your|a|the) )?"
    r"(?:messages?|comments?|questions?|enquiry|inquiry|feedback|description|details|notes?)\b"
    r"|^tell (?:us |me )?(?:more )?about|^how can we help"
    r"|^(?:(?:ihre |deine )?nachricht|kommentare?|votre message|(?:tu |su )?mensaje|comentarios?"
    r"|(?:sua )?mensagem|messaggio|wiadomość|(?:ваше )?сообщение)\b"
    r"|^留言|^(?:お問い合わせ|メッセージ)",
    re.IGNORECASE,
)
SEARCH = re.compile(
    r"^(?:search|find|suche|rechercher?|buscar|pesquisar|cerca|szukaj|поиск|искать|搜索|検索|검색|ara\b|tìm kiếm)",
    re.IGNORECASE,
)


def asks_for_search(text: str) -> bool:
    """Return True for what a search field shows while it is empty."""
    return len(text.split()) <= LONGEST and bool(SEARCH.match(text.strip()))


def invites_input(text: str) -> bool:
    """Return True for words that ask for input, such as "Your email" or "Search"."""
    words = text.strip()
    return len(words.split()) <= LONGEST and bool(FIELD.match(words))


def asks_for_message(text: str) -> bool:
    """Return True for words that ask for several lines, such as "Your message"."""
    words = text.strip()
    return len(words.split()) <= LONGEST and bool(MESSAGE.match(words))
