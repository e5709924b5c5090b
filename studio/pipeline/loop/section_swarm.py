"""A tall mockup written by many requests at once, one per section, assembled into one page.

Each request gets the palette, sizes and typeface that all sections share, and what is above and below
its section. A section whose answer cannot be used is requested once more; if that fails too, its
layout draft is used.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from inference.types import ModelClient, ModelError, ModelRequest, Usage
from studio.pipeline.bounds import OutOfBounds
from studio.pipeline.bundle import Bundle, BundleError, BundleParser
from studio.pipeline.codegen.draft import make_draft
from studio.pipeline.loop.assembly import SectionPart, assemble_page, read_part
from studio.pipeline.loop.attempts import LoopOptions
from studio.pipeline.loop.model_requests import Started, ask_all
from studio.pipeline.loop.watch import RunWatch
from studio.pipeline.loop.whole_answers import Answer
from studio.pipeline.prompting.mockup_pictures import MockupPicture, cut_into_pictures
from studio.pipeline.prompting.mockup_slices import Slice
from studio.pipeline.prompting.section_prompt import build_section_messages, write_shared_sheet
from studio.pipeline.scoring.likeness.perceived_mockup import PerceivedMockup

MAX_SECTION = 6_144  # tokens of an answer; a dense section needs about 2,000
TRIES = 2


class SectionSwarm:
    """The coordinator of one mockup's sections.

    `spend` is told what each request used. `without_pictures`: the model refused the pictures.
    """

    def __init__(
        self,
        sight: PerceivedMockup,
        slices: Sequence[Slice],
        assets: Mapping[str, bytes],
        options: LoopOptions,
        spend: Callable[[Usage], None],
    ) -> None:
        self.sight, self.slices, self.assets, self.options = sight, slices, assets, options
        self.spend = spend
        self.without_pictures = False

    def write(self, client: ModelClient, watch: RunWatch, tokens: int) -> Bundle:
        """Return the page; `tokens` is the budget of all sections.

        Raises ModelError when no section could be written.
        """
        shared = write_shared_sheet(self.sight.hints)
        drafts = [make_draft(section.hints, self.assets).bundle for section in self.slices]
        requests = [
            ModelRequest(
                build_section_messages(
                    self.slices,
                    n,
                    pictures=self._show(section),
                    draft=drafts[n],
                    shared=shared,
                    prompt=self.options.prompt,
                ),
                thinking=self.options.thinking,
                max_tokens=max(1, min(MAX_SECTION, tokens // len(self.slices))),
            )
            for n, section in enumerate(self.slices)
        ]
        parts = self._parts(client, requests, watch, tokens)
        return assemble_page(
            [parts.get(n) or read_part(draft) for n, draft in enumerate(drafts)], shared
        )

    def _parts(
        self, client: ModelClient, requests: Sequence[ModelRequest], watch: RunWatch, tokens: int
    ) -> dict[int, SectionPart]:
        parts: dict[int, SectionPart] = {}
        errors: list[ModelError] = []
        for attempt in range(TRIES):
            missing = [n for n in range(len(requests)) if n not in parts]
            if not missing or watch.should_stop():
                break
            events = ask_all(
                client,
                [requests[n] for n in missing],
                limit=self.options.sections,
                stop=watch.should_stop,
                tokens=tokens * len(missing) // len(requests),
                spend=self.spend,
            )
            for index, news in events:
                number = missing[index]
                if isinstance(news, Started):
                    self._tell(watch, number, "retried" if attempt else "started")
                elif isinstance(news, Answer):
                    self.without_pictures |= news.without_pictures
                    part = _read(news)
                    if part is not None:
                        parts[number] = part
                    if news.error:
                        errors.append(news.error)
                    self._tell(watch, number, _describe_outcome(part, is_last=attempt > 0))
        watch.stop_if_cancelled()
        if errors and not parts:
            raise errors[0]
        return parts

    def _tell(self, watch: RunWatch, number: int, state: str) -> None:
        section = self.slices[number]
        where = {"top": section.top, "bottom": section.bottom, "words": section.words}
        watch.tell("part", name="section", number=number, of=len(self.slices), state=state, **where)

    def _show(self, section: Slice) -> list[MockupPicture]:
        scale = self.sight.hints.scale
        picture = self.sight.mockup.crop(
            (0, round(section.top * scale), self.sight.mockup.width, round(section.bottom * scale))
        )
        shrunk = picture.resize((section.hints.width, section.hints.height))
        return cut_into_pictures(shrunk, section.hints.sections)


def _describe_outcome(part: SectionPart | None, *, is_last: bool) -> str:
    if part:
        return "finished"
    return "left as its draft" if is_last else "failed"


def _read(answer: Answer) -> SectionPart | None:
    """Return the section in an answer; None if there is none or it is incomplete."""
    if answer.error or not answer.complete:
        return None
    parser = BundleParser()
    try:
        parser.feed(answer.text)
        bundle = parser.finish()
        return read_part(bundle) if bundle else None
    except (BundleError, OutOfBounds):
        return None
