"""What a sequence may say next. The engine knows only `TokenMask`; a mask belongs to one sequence and follows it.

JSON schemas and regular expressions are followed by `llguidance`, loaded on first use; it need not be installed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from inference.tokenizer import Tokenizer

if TYPE_CHECKING:
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


class GrammarError(Exception):
    """No mask can be made; says why."""


class Grammar:
    """Makes masks for JSON schemas and regular expressions over one vocabulary."""

    def __init__(self, tokenizer: Tokenizer, stop_ids: Collection[int]) -> None:
        """Takes about a second for K2.6's vocabulary. Raises GrammarError when llguidance is not installed."""
        try:
            import llguidance
        except ModuleNotFoundError:
            raise GrammarError("following a schema needs llguidance, which is not installed") from None
        self._matcher: Any = llguidance.LLMatcher
        self._vocab = tokenizer.vocab_size
        self._after = tokenizer.special("</think>")
        words = llguidance.TokenizerWrapper(_Words(tokenizer, min(stop_ids)))
        self._words = llguidance.LLTokenizer(words, n_vocab=self._vocab, eos_token=sorted(stop_ids))

    def mask(self, schema: Mapping[str, Any] | None, *, thinking: bool) -> TokenMask:
        """`schema` None: any JSON object. With `thinking` the schema holds from `</think>` on.

        Raises GrammarError for a schema llguidance cannot follow.
        """
        wanted = json.dumps({"type": "object"} if schema is None else schema)
        return self._mask(lambda: self._matcher.grammar_from_json_schema(wanted, overrides=OPTIONS), thinking)

    def pattern(self, expression: str, *, thinking: bool = False) -> TokenMask:
        """An answer that matches `expression` as a whole. Raises GrammarError for one llguidance cannot follow."""
        return self._mask(lambda: self._matcher.grammar_from_regex(expression), thinking)

    def _mask(self, make: Callable[[], str], thinking: bool) -> TokenMask:
        try:
            grammar = make()
        except ValueError as error:
            raise GrammarError(str(error)) from None
        if said := self._matcher.validate_grammar(grammar, self._words):
            raise GrammarError(said.splitlines()[0])
        return _Mask(self._matcher(self._words, grammar), self._vocab, self._after if thinking else None)


class _Mask:
    def __init__(self, matcher: Any, vocab: int, after: int | None) -> None:
        """`after`: the token from which on the grammar holds, None: from the first."""
        self._matcher, self._vocab, self._after = matcher, vocab, after

    def allowed(self) -> Tensor:
        import torch

        if self._after is not None:
            return torch.ones(self._vocab, dtype=torch.bool)
        bits = np.frombuffer(self._matcher.compute_bitmask(), dtype=np.uint8)
        return torch.from_numpy(np.unpackbits(bits, bitorder="little")[: self._vocab].astype(np.bool_))

    def advance(self, token: int) -> None:
        if self._after is None:
            taken = self._matcher.consume_token(token)
            assert taken, f"{token} was not allowed: {self._matcher.get_error()}"
        elif token == self._after:
            self._after = None


class _Words:
    """The vocabulary as llguidance wants to be told it."""

    def __init__(self, tokenizer: Tokenizer, stop: int) -> None:
        self._tokenizer = tokenizer
        self.eos_token_id, self.bos_token_id = stop, None
        self.special_token_ids = list(tokenizer.specials.values())
        self.tokens = [tokenizer.decode_bytes([id]) for id in range(tokenizer.vocab_size)]

    def __call__(self, text: bytes | str) -> list[int]:
        return self._tokenizer.encode(text if isinstance(text, str) else text.decode())
