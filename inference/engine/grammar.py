"""What a sequence may say next. The engine knows only `TokenMask`; a mask belongs to one sequence
and follows it.

JSON schemas and regular expressions are followed by `llguidance`, loaded on first use; it need not
be installed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from inference.chat.tokenizer import Tokenizer
from inference.engine.tool_grammar import ToolCalls, write_lark

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from torch import Tensor

# Without a bound on it, a model that has nothing to say may write white space for ever.
OPTIONS = {"whitespace_pattern": r"[ \n]{0,40}"}


class TokenMask(Protocol):
    def allowed(self) -> Tensor:
        """[vocab] bool: the tokens that may come next; at least one, a stop token once all is said."""
        ...

    def advance(self, token: int) -> None:
        """`token`, an allowed one, was chosen."""
        ...

    def forced(self) -> list[int]:
        """The tokens that come next whatever is chosen: before each of them `allowed` names it
        alone.
        """
        ...


class GrammarError(Exception):
    """No mask can be made; says why."""


class Grammar:
    """Makes masks for JSON schemas and regular expressions over one vocabulary."""

    def __init__(self, tokenizer: Tokenizer, stop_ids: Collection[int]) -> None:
        """Takes about a second for K2.6's vocabulary. Raises GrammarError when llguidance is not
        installed.
        """
        try:
            import llguidance
        except ModuleNotFoundError:
            raise GrammarError(
                "following a schema needs llguidance, which is not installed"
            ) from None
        self._matcher: Any = llguidance.LLMatcher
        self._vocab = tokenizer.vocab_size
        self._tokenizer = tokenizer
        self._after = tokenizer.special("</think>")
        # Else an answer could end, or call a tool, before the grammar begins to hold.
        self._not_in_thought = {*stop_ids, tokenizer.special("<|tool_calls_section_begin|>")}
        told = _Words(tokenizer, min(stop_ids))
        words = llguidance.TokenizerWrapper(told)
        self._whole = np.array([_is_whole(word) for word in told.tokens], dtype=np.bool_)
        self._words = llguidance.LLTokenizer(words, n_vocab=self._vocab, eos_token=sorted(stop_ids))

    def mask(self, schema: Mapping[str, Any] | None, *, thinking: bool) -> TokenMask:
        """`schema` None: any JSON object. With `thinking` the schema holds from `</think>` on.

        Raises GrammarError for a schema llguidance cannot follow.
        """
        wanted = json.dumps({"type": "object"} if schema is None else schema)
        return self._mask(
            lambda: self._matcher.grammar_from_json_schema(wanted, overrides=OPTIONS), thinking
        )

    def lark(self, text: str, *, thinking: bool = False) -> TokenMask:
        """Return a mask for an answer that follows a grammar in llguidance's Lark. Raises
        GrammarError.
        """
        return self._mask(lambda: self._matcher.grammar_from_lark(text), thinking)

    def calls(self, calls: ToolCalls, *, thinking: bool = False) -> TokenMask:
        """Return a mask for an answer that makes these calls of tools. Raises GrammarError."""
        return self.lark(write_lark(calls, self._tokenizer, OPTIONS), thinking=thinking)

    def pattern(self, expression: str, *, thinking: bool = False) -> TokenMask:
        """An answer that matches `expression` as a whole. Raises GrammarError for one llguidance
        cannot follow.

        A character that is a token is never spelled by its bytes: a pattern names its characters,
        and a small model has learnt nothing of how they are spelled.
        """
        return self._mask(
            lambda: self._matcher.grammar_from_regex(expression), thinking, whole=True
        )

    def _mask(self, make: Callable[[], str], thinking: bool, *, whole: bool = False) -> TokenMask:
        try:
            grammar = make()
        except ValueError as error:
            raise GrammarError(str(error)) from None
        if said := self._matcher.validate_grammar(grammar, self._words):
            raise GrammarError(said.splitlines()[0])
        mask = _Mask(
            self._matcher(self._words, grammar), self._vocab, self._whole if whole else None
        )
        if not thinking:
            return mask
        from inference.engine.thought import ThoughtMask

        return ThoughtMask(self._vocab, self._after, answer=mask, forbidden=self._not_in_thought)


class _Mask:
    def __init__(self, matcher: Any, vocab: int, whole: NDArray[np.bool_] | None) -> None:
        """`whole`: [vocab] the tokens that begin and end with a character, where they come before
        those that do not.
        """
        self._matcher, self._vocab, self._whole = matcher, vocab, whole

    def allowed(self) -> Tensor:
        import torch

        bits = np.frombuffer(self._matcher.compute_bitmask(), dtype=np.uint8)
        allowed = np.unpackbits(bits, bitorder="little")[: self._vocab].astype(np.bool_)
        if self._whole is not None and (allowed & self._whole).any():
            allowed &= self._whole
        return torch.from_numpy(allowed)

    def advance(self, token: int) -> None:
        taken = self._matcher.consume_token(token)
        assert taken, f"{token} was not allowed: {self._matcher.get_error()}"

    def forced(self) -> list[int]:
        tokens: list[int] = self._matcher.compute_ff_tokens()
        return tokens


def _is_whole(word: bytes) -> bool:
    try:
        word.decode()
    except UnicodeDecodeError:
        return False
    return True


class _Words:
    """The vocabulary as llguidance wants to be told it."""

    def __init__(self, tokenizer: Tokenizer, stop: int) -> None:
        self._tokenizer = tokenizer
        self.eos_token_id, self.bos_token_id = stop, None
        self.special_token_ids = list(tokenizer.specials.values())
        self.tokens = [tokenizer.decode_bytes([id]) for id in range(tokenizer.vocab_size)]

    def __call__(self, text: bytes | str) -> list[int]:
        return self._tokenizer.encode(text if isinstance(text, str) else text.decode())
