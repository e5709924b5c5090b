"""Sections that ask: forms, contact, newsletter, a call to action, settings, sign-in."""

from __future__ import annotations

import re
from dataclasses import dataclass

from studio.pipeline.outline.schema import Section
from studio.pipeline.sections.icons import draw_icon
from studio.pipeline.sections.markup import Element, make
from studio.pipeline.sections.parts import (
    PageContext,
    make_head,
    make_link,
    make_picture,
    make_section,
)

MAP = (800, 640)  # px
SIDE = (800, 1000)
# A field's label → its type and what a browser may fill in.
TYPES: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (re.compile(r"e-?mail|correo|почт|邮箱|メール", re.I), "email", "email"),
    (re.compile(r"phone|tel|телефон|电话|電話", re.I), "tel", "tel"),
    (
        re.compile(r"passwor|passwort|mot de passe|contraseña|senha|парол|密码|パスワード", re.I),
        "password",
        "current-password",
    ),
    (re.compile(r"\bdate\b|datum|fecha|\bdata\b|дата|日期|日付", re.I), "date", "off"),
    (
        re.compile(r"people|guests|personen|personnes|personas|pessoas|persone|гостей|人数", re.I),
        "number",
        "off",
    ),
    (re.compile(r"\bname|^nom\b|nombre|\bnome|имя|姓名|名前", re.I), "text", "name"),
)
LONG = re.compile(
    r"message|nachricht|mensaje|mensagem|messaggio|сообщен|留言|メッセージ|about you|"
    r"über sie|à propos|sobre|su di|о себе|简介|自己紹介",
    re.I,
)


@dataclass(frozen=True, slots=True)
class FormField:
    """A labelled field: its kind is an input's type, or "textarea"."""

    label: str
    kind: str
    autocomplete: str = "off"
    value: str = ""


def read_field(label: str) -> FormField:
    """Return the field that a label names."""
    if LONG.search(label):
        return FormField(label, "textarea")
    for pattern, kind, autocomplete in TYPES:
        if pattern.search(label):
            return FormField(label, kind, autocomplete)
    return FormField(label, "text")


def make_field(field: FormField, prefix: str, number: int) -> Element:
    name = f"{prefix}-{number}"
    control = (
        make("textarea", id=name, name=name, rows=4)
        if field.kind == "textarea"
        else make(
            "input",
            id=name,
            name=name,
            type=field.kind,
            autocomplete=field.autocomplete,
            value=field.value or False,
        )
    )
    wide = field.kind == "textarea"
    cls = "field field--wide" if wide else "field"
    return make("div", make("label", field.label, for_=name), control, cls=cls)


def make_form(prefix: str, fields: list[FormField], action: str) -> Element:
    """Return a form that goes nowhere until a developer says where."""
    rows = [make_field(field, prefix, number) for number, field in enumerate(fields, 1)]
    button = make("button", action, cls="button", type="submit")
    return make("form", *rows, button, cls="fields", action="#", method="post")


def list_fields(page: PageContext, section: Section) -> list[FormField]:
    """Return the section's fields; the usual ones of its kind of page where it names none."""
    labels = [item.title for item in section.items if item.title]
    if not labels:
        known = page.labels
        extra = [known["date"], known["guests"]] if page.outline.kind == "place" else []
        labels = [known["name"], known["email"], *extra, known["message"]]
    return [read_field(label) for label in labels]


def write_form(page: PageContext, section: Section) -> Element:
    form = make_form("form", list_fields(page, section), section.actions[0])
    row = make("div", make_head(section, "form__head"), make("div", form, cls="card"), cls="split")
    return make_section(section, row, tone="tint")


def write_contact(page: PageContext, section: Section) -> Element:
    known = page.labels
    hours = make(
        "dl",
        *_write_hours(known["weekdays"], "9:00 – 18:00"),
        *_write_hours(known["saturday"], "10:00 – 14:00"),
        *_write_hours(known["sunday"], known["closed"]),
        cls="hours",
    )
    facts = make(
        "ul",
        make("li", draw_icon("pin"), make("span", known["address_text"])),
        make("li", draw_icon("phone"), make("a", "+00 123 456 789", href="tel:+00123456789")),
        make(
            "li", draw_icon("mail"), make("a", "hello@example.com", href="mailto:hello@example.com")
        ),
        cls="contact__facts",
    )
    side = make(
        "div", make_head(section, "contact__head"), facts, make("h3", known["hours"]), hours
    )
    if section.layout == "card" or page.has("form"):
        picture = page.pictures.draw_map(MAP)
        other = make_picture(picture, known["address_text"], MAP)
    else:
        labels = [known["name"], known["email"], known["message"]]
        fields = [read_field(label) for label in labels]
        other = make("div", make_form("contact", fields, section.actions[0]), cls="card")
    return make_section(section, make("div", side, other, cls="split"))


def _write_hours(days: str, hours: str) -> tuple[Element, Element]:
    return make("dt", days), make("dd", hours)


def write_newsletter(page: PageContext, section: Section) -> Element:
    email = page.labels["email"]
    form = make(
        "form",
        make("label", email, cls="visually-hidden", for_="newsletter-email"),
        make(
            "input",
            id="newsletter-email",
            name="email",
            type="email",
            autocomplete="email",
            placeholder=email,
        ),
        make("button", section.actions[0], cls="button", type="submit"),
        cls="inline-form",
        action="#",
        method="post",
    )
    box = make("div", make_head(section, "band__head"), form, cls="band band--tint")
    return make_section(section, box)


def write_cta(page: PageContext, section: Section) -> Element:
    href = page.goal if page.goal != "#cta" else "mailto:hello@example.com"
    link = make_link(section.actions[0], href, "button button--light")
    box = make("div", make_head(section, "band__head"), link, cls="band band--deep")
    return make_section(section, box)


def write_settings(page: PageContext, section: Section) -> Element:
    known = page.labels
    person = page.words.lists["people"][0]
    values = {known["name"]: person, known["email"]: "hello@example.com"}
    labels = [known["name"], known["email"], known["phone"], known["language"], known["bio"]]
    named = [item.title for item in section.items if item.title]
    fields = []
    for label in named or labels:
        field = read_field(label)
        value = page.words.name if label == known["language"] else values.get(label, "")
        fields.append(FormField(field.label, field.kind, field.autocomplete, value))
    rows = [make_field(field, "settings", number) for number, field in enumerate(fields, 1)]
    switch = make(
        "div",
        make("input", id="notices", name="notices", type="checkbox", checked=True),
        make("label", known["notices"], for_="notices"),
        cls="check field--wide",
    )
    buttons = make(
        "p",
        make("button", section.actions[0], cls="button", type="submit"),
        make("button", known["cancel"], cls="button button--quiet", type="reset"),
        cls="actions field--wide",
    )
    form = make("form", *rows, switch, buttons, cls="fields", action="#", method="post")
    return make(
        "section",
        make("div", form, cls="card"),
        cls="panel-row settings",
        id="settings",
        aria_label=section.title,
    )


def write_signin(page: PageContext, section: Section) -> Element:
    known = page.labels
    fields = [read_field(known["email"]), read_field(known["password"])]
    rows = [make_field(field, "signin", number) for number, field in enumerate(fields, 1)]
    choice = make(
        "div",
        make("input", id="remember", name="remember", type="checkbox"),
        make("label", known["remember"], for_="remember"),
        make("a", known["forgot"], href="#forgot", id="forgot"),
        cls="check field--wide",
    )
    action = section.actions[0] if section.actions else known["sign_in"]
    form = make(
        "form",
        *rows,
        choice,
        make("button", action, cls="button field--wide", type="submit"),
        cls="fields fields--single",
        action="#",
        method="post",
    )
    join = make(
        "p",
        f"{known['no_account']} ",
        make("a", known["sign_up"], href="#join"),
        cls="signin__join",
        id="join",
    )
    box = make(
        "div",
        make("p", page.outline.name, cls="brand"),
        make("h1", section.title, cls="signin__title"),
        make("p", section.text, cls="lead") if section.text else None,
        form,
        join,
        cls="signin__box",
    )
    if section.layout == "card":
        return make("section", box, cls="signin signin--card", id="signin")
    picture = make_picture(page.pictures.draw_cover(SIDE), "", SIDE, "signin__picture")
    return make("section", make("div", box, cls="signin__side"), picture, cls="signin", id="signin")
