"""Token masks for constrained decoding: JSON schemas and regular expressions.

The engine uses only the protocol `TokenMask`. A mask belongs to one sequence. Grammars are compiled
by `llguidance`, an optional package that is imported on first use.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from inference.chat.tokenizer import Tokenizer

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from torch import Tensor

# At most 40 characters of white space in a row: without a limit some models generate it endlessly.
OPTIONS = {"whitespace_pattern": r"[ \n]{0,40}"}


class TokenMask(Protocol):
    """Which tokens one sequence may produce next."""

    def allowed(self) -> Tensor:
        """Return [vocab] bool: the tokens that may come next.

        At least one is allowed; after the end of the grammar these are the stop tokens.
        """
        ...

    def advance(self, token: int) -> None:
        """Move past `token`, which must be allowed."""
        ...

    def forced(self) -> list[int]:
        """Return the next tokens as long as each of them is the only allowed one."""
        ...


class GrammarError(Exception):
    """A mask cannot be made; the message says why."""


class Grammar:
    """A factory of masks for JSON schemas and regular expressions over one vocabulary."""

    def __init__(self, tokenizer: Tokenizer, stop_ids: Collection[int]) -> None:
        """Prepare the vocabulary, which takes about a second for K2.6.

        Raises GrammarError when llguidance is not installed.
        """
        try:
            import llguidance
        except ModuleNotFoundError:
            raise GrammarError(
                "following a schema needs llguidance, which is not installed"
            ) from None
        self._matcher: Any = llguidance.LLMatcher
        self._vocab = tokenizer.vocab_size
        self._end_of_thinking = tokenizer.special("</think>")
        vocabulary = _Vocabulary(tokenizer, min(stop_ids))
        whole = [_is_whole_text(token) for token in vocabulary.tokens]
        self._whole = np.array(whole, dtype=np.bool_)
        self._tokenizer = llguidance.LLTokenizer(
            llguidance.TokenizerWrapper(vocabulary),
            n_vocab=self._vocab,
            eos_token=sorted(stop_ids),
        )

    def mask(self, schema: Mapping[str, Any] | None, *, thinking: bool) -> TokenMask:
        """Return a mask for a JSON schema, or for any JSON object when `schema` is None.

        With `thinking`, the mask applies after `</think>`. Raises GrammarError for a schema that
        llguidance does not support.
        """
        text = json.dumps({"type": "object"} if schema is None else schema)
        return self._make_mask(
            lambda: self._matcher.grammar_from_json_schema(text, overrides=OPTIONS), thinking
        )

    def pattern(self, expression: str, *, thinking: bool = False) -> TokenMask:
        """Return a mask for answers that match the regular expression as a whole.

        A character that has its own token is never composed of byte tokens, because a small model
        has not learned such sequences. Raises GrammarError for an expression that llguidance does
        not support.
        """
        return self._make_mask(
            lambda: self._matcher.grammar_from_regex(expression), thinking, whole=True
        )

    def _make_mask(
        self, compile_grammar: Callable[[], str], thinking: bool, *, whole: bool = False
    ) -> TokenMask:
        try:
            grammar = compile_grammar()
        except ValueError as error:
            raise GrammarError(str(error)) from None
        if fault := self._matcher.validate_grammar(grammar, self._tokenizer):
            raise GrammarError(fault.splitlines()[0])
        return _GrammarMask(
            self._matcher(self._tokenizer, grammar),
            self._vocab,
            self._end_of_thinking if thinking else None,
            self._whole if whole else None,
        )


class _GrammarMask:
    """A `TokenMask` that follows a grammar of llguidance."""

    def __init__(
        self, matcher: Any, vocab: int, after: int | None, whole: NDArray[np.bool_] | None
    ) -> None:
        """Make a mask for one sequence.

        `after`: the token after which the grammar applies, or None to apply it from the start.
        `whole` [vocab]: tokens that are valid UTF-8 by themselves; where any of them is allowed,
        the others are not.
        """
        self._matcher = matcher
        self._vocab = vocab
        self._after = after
        self._whole = whole

    def allowed(self) -> Tensor:
        import torch

        if self._after is not None:
            return torch.ones(self._vocab, dtype=torch.bool)
        bits = np.frombuffer(self._matcher.compute_bitmask(), dtype=np.uint8)
        allowed = np.unpackbits(bits, bitorder="little")[: self._vocab].astype(np.bool_)
        if self._whole is not None and (allowed & self._whole).any():
            allowed &= self._whole
        return torch.from_numpy(allowed)

    def advance(self, token: int) -> None:
        if self._after is None:
            accepted = self._matcher.consume_token(token)
            assert accepted, f"{token} was not allowed: {self._matcher.get_error()}"
        elif token == self._after:
            self._after = None

    def forced(self) -> list[int]:
        if self._after is not None:
            return []
        tokens: list[int] = self._matcher.compute_ff_tokens()
        return tokens


def _is_whole_text(token: bytes) -> bool:
    """Return whether the token's bytes are valid UTF-8 by themselves."""
    try:
        token.decode()
    except UnicodeDecodeError:
        return False
    return True


class _Vocabulary:
    """The vocabulary in the form that `llguidance.TokenizerWrapper` expects."""

    def __init__(self, tokenizer: Tokenizer, stop: int) -> None:
        self._tokenizer = tokenizer
        self.eos_token_id = stop
        self.bos_token_id = None
        self.special_token_ids = list(tokenizer.specials.values())
        self.tokens = [tokenizer.decode_bytes([id]) for id in range(tokenizer.vocab_size)]

    def __call__(self, text: bytes | str) -> list[int]:
        return self._tokenizer.encode(text if isinstance(text, str) else text.decode())
