"""A tall mockup written by many requests at once, one per section, assembled into one page.

Each request gets the palette, sizes and typeface that all sections share, and what is above and below
its section. A model that calls tools works on its section with them; one that refuses them is asked
for an answer instead. A section whose answer cannot be used is requested once more; if that fails
too, its layout draft is used.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from PIL import Image

from inference.types import Message, ModelClient, ModelError, ModelRequest, Usage
from studio.pipeline.bounds import OutOfBounds
from studio.pipeline.bundle import Bundle, BundleError, BundleParser
from studio.pipeline.codegen.draft import make_draft
from studio.pipeline.loop.agent.section_agent import SectionAgent
from studio.pipeline.loop.assembly import SectionPart, assemble_page, read_part
from studio.pipeline.loop.attempts import LoopOptions
from studio.pipeline.loop.model_requests import Started, ask_all
from studio.pipeline.loop.watch import RunWatch
from studio.pipeline.loop.whole_answers import Answer
from studio.pipeline.prompting.mockup_pictures import MockupPicture, cut_into_pictures
from studio.pipeline.prompting.mockup_slices import Slice
from studio.pipeline.prompting.section_prompt import build_section_messages, write_shared_sheet
from studio.pipeline.rendering.render import Renderer
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
        renderer: Renderer | None = None,
    ) -> None:
        """`renderer`: for a model that works on its section with tools."""
        self.sight, self.slices, self.assets, self.options = sight, slices, assets, options
        self.spend = spend
        self.renderer = renderer
        self.without_pictures = False
        self.refuses_tools = renderer is None
        self._lock = threading.Lock()

    def write(self, client: ModelClient, watch: RunWatch, tokens: int) -> Bundle:
        """Return the page; `tokens` is the budget of all sections.

        Raises ModelError when no section could be written.
        """
        shared = write_shared_sheet(self.sight.hints)
        drafts = [make_draft(section.hints, self.assets).bundle for section in self.slices]
        parts: dict[int, SectionPart] = {}
        if not self.refuses_tools:
            parts = self._work_with_tools(client, watch, drafts, shared, tokens)
        if len(parts) < len(self.slices):
            parts = self._parts(client, drafts, shared, watch, tokens, parts)
        return assemble_page(
            [parts.get(n) or read_part(draft) for n, draft in enumerate(drafts)], shared
        )

    def _work_with_tools(
        self,
        client: ModelClient,
        watch: RunWatch,
        drafts: Sequence[Bundle],
        shared: str,
        tokens: int,
    ) -> dict[int, SectionPart]:
        """Return the sections that models with tools finished, at most `sections` at a time.

        A conversation begins when its turn comes, so only those in work are in memory.
        """
        parts: dict[int, SectionPart] = {}

        def work(number: int) -> None:
            if self.refuses_tools or watch.should_stop():
                return
            self._tell(watch, number, "started")
            part = self._work_on_section(client, watch, number, drafts[number], shared, tokens)
            if part is not None:
                with self._lock:
                    parts[number] = part
            self._tell(watch, number, "finished" if part else "failed")

        workers = max(1, min(self.options.sections, len(self.slices)))
        with ThreadPoolExecutor(workers, "section") as pool:
            futures = [pool.submit(work, number) for number in range(len(self.slices))]
        for future in futures:
            future.result()
        watch.stop_if_cancelled()
        return parts

    def _work_on_section(
        self,
        client: ModelClient,
        watch: RunWatch,
        number: int,
        draft: Bundle,
        shared: str,
        tokens: int,
    ) -> SectionPart | None:
        """Return the section that one conversation made; None when there is none to use."""
        assert self.renderer is not None
        section = self.slices[number]
        sight = PerceivedMockup(self._crop(section), section.hints)
        agent = SectionAgent(sight, draft, shared=shared, renderer=self.renderer)
        try:
            agent.work(
                client,
                self._build_messages(number, draft, shared, with_tools=True),
                thinking=self.options.thinking,
                tokens=max(1, tokens // len(self.slices)),
                stop=watch.should_stop,
            )
        except ModelError as error:
            if error.kind == "refused":
                self.refuses_tools = True
            if not agent.has_changed:
                return None
        finally:
            self.spend(agent.usage)
        if agent.has_changed:
            try:
                return agent.read_part()
            except OutOfBounds:
                return None
        return _read(Answer(agent.answer, agent.usage))

    def _build_messages(
        self, number: int, draft: Bundle, shared: str, *, with_tools: bool = False
    ) -> tuple[Message, ...]:
        return build_section_messages(
            self.slices,
            number,
            pictures=self._show(self.slices[number]),
            draft=draft,
            shared=shared,
            prompt=self.options.prompt,
            with_tools=with_tools,
        )

    def _parts(
        self,
        client: ModelClient,
        drafts: Sequence[Bundle],
        shared: str,
        watch: RunWatch,
        tokens: int,
        parts: dict[int, SectionPart],
    ) -> dict[int, SectionPart]:
        """Return `parts` with the missing sections, each written in one answer."""
        requests = {
            number: ModelRequest(
                self._build_messages(number, draft, shared),
                thinking=self.options.thinking,
                max_tokens=max(1, min(MAX_SECTION, tokens // len(self.slices))),
            )
            for number, draft in enumerate(drafts)
            if number not in parts
        }
        errors: list[ModelError] = []
        for attempt in range(TRIES):
            missing = [n for n in requests if n not in parts]
            if not missing or watch.should_stop():
                break
            events = ask_all(
                client,
                [requests[n] for n in missing],
                limit=self.options.sections,
                stop=watch.should_stop,
                tokens=tokens * len(missing) // len(self.slices),
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

    def _crop(self, section: Slice) -> Image.Image:
        """Return the section's part of the mockup at CSS size."""
        scale = self.sight.hints.scale
        top, bottom = round(section.top * scale), round(section.bottom * scale)
        picture = self.sight.mockup.crop((0, top, self.sight.mockup.width, bottom))
        return picture.resize((section.hints.width, section.hints.height))

    def _show(self, section: Slice) -> list[MockupPicture]:
        return cut_into_pictures(self._crop(section), section.hints.sections)


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
