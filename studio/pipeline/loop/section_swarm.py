"""A tall mockup written by many at once: one request for each section, put together into one page.

Each is told the palette, the sizes and the typeface that all share, and what stands above and below
it. A section whose answer cannot be used is asked for once more, and stays its layout draft if that
fails too.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

from inference.types import ModelClient, ModelError, ModelRequest, Usage
from studio.pipeline.bounds import OutOfBounds
from studio.pipeline.bundle import Bundle, BundleError, BundleParser
from studio.pipeline.codegen.draft import make_draft
from studio.pipeline.loop.assembly import SectionPart, assemble_page, read_part
from studio.pipeline.loop.attempts import LoopOptions
from studio.pipeline.loop.model_requests import Answer, Started, ask_all
from studio.pipeline.loop.watch import RunWatch
from studio.pipeline.prompting.mockup_slices import Slice
from studio.pipeline.prompting.section_prompt import build_section_messages, write_shared_sheet
from studio.pipeline.scoring.likeness.perceived_mockup import PerceivedMockup

MAX_SECTION = 6_144  # tokens of an answer; a dense section is about 2,000
TRIES = 2


class SectionSwarm:
    """The coordinator of one mockup's sections; `usage` adds up what all of them cost."""

    def __init__(
        self,
        sight: PerceivedMockup,
        slices: Sequence[Slice],
        assets: Mapping[str, bytes],
        options: LoopOptions,
    ) -> None:
        self.sight, self.slices, self.assets, self.options = sight, slices, assets, options
        self.usage = Usage()

    def write(self, client: ModelClient, watch: RunWatch, tokens: int) -> Bundle:
        """The page; `tokens` are for all sections. Raises ModelError when not one section could be
        written.
        """
        shared = write_shared_sheet(self.sight.hints)
        drafts = [make_draft(one.hints, self.assets).bundle for one in self.slices]
        asked = [
            ModelRequest(
                build_section_messages(
                    self.slices,
                    n,
                    png=self._png(one),
                    draft=drafts[n],
                    shared=shared,
                    prompt=self.options.prompt,
                ),
                thinking=self.options.thinking,
                max_tokens=max(1, min(MAX_SECTION, tokens // len(self.slices))),
            )
            for n, one in enumerate(self.slices)
        ]
        parts = self._parts(client, asked, watch)
        return assemble_page(
            [parts.get(n) or read_part(draft) for n, draft in enumerate(drafts)], shared
        )

    def _parts(
        self, client: ModelClient, asked: Sequence[ModelRequest], watch: RunWatch
    ) -> dict[int, SectionPart]:
        parts: dict[int, SectionPart] = {}
        errors: list[ModelError] = []
        for tried in range(TRIES):
            missing = [n for n in range(len(asked)) if n not in parts]
            if not missing or watch.should_stop():
                break
            several = ask_all(
                client,
                [asked[n] for n in missing],
                limit=self.options.sections,
                stop=watch.should_stop,
            )
            for index, news in several:
                number = missing[index]
                if isinstance(news, Started):
                    self._tell(watch, number, "retried" if tried else "started")
                elif isinstance(news, Answer):
                    self.usage += news.usage
                    part = _read(news)
                    if part is not None:
                        parts[number] = part
                    errors += [news.error] if news.error else []
                    self._tell(
                        watch,
                        number,
                        "finished" if part else "failed" if not tried else "left as its draft",
                    )
        watch.stop_if_cancelled()
        if errors and not parts:
            raise errors[0]
        return parts

    def _tell(self, watch: RunWatch, number: int, state: str) -> None:
        one = self.slices[number]
        where = {"top": one.top, "bottom": one.bottom, "words": one.words}
        watch.tell("part", name="section", number=number, of=len(self.slices), state=state, **where)

    def _png(self, one: Slice) -> bytes:
        out, scale = io.BytesIO(), self.sight.hints.scale
        picture = self.sight.mockup.crop(
            (0, round(one.top * scale), self.sight.mockup.width, round(one.bottom * scale))
        )
        picture.resize((one.hints.width, one.hints.height)).save(out, "PNG")
        return out.getvalue()


def _read(answer: Answer) -> SectionPart | None:
    """The section in an answer; None where there is none, or only the beginning of one."""
    if answer.error or not answer.complete:
        return None
    parser = BundleParser()
    try:
        parser.feed(answer.text)
        bundle = parser.finish()
        return read_part(bundle) if bundle else None
    except (BundleError, OutOfBounds):
        return None
