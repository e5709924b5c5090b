"""The fields that OpenAI's chat and text completions share, with vLLM's and SGLang's additions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from inference.server.errors import Refused, wrong
from inference.server.fields import Biases, Stops, Strict, TokenCount, real, whole
from inference.server.generation import Constraint, Wishes

MOST_CHOICES = 16
SEEDS = whole(-(2**63), 2**63 - 1)
FORM = "response_format"


class ResponseFormat(Strict):
    """What form the answer has."""

    type: Literal["text", "json_object", "json_schema"]
    json_schema: Any = None


class StreamOptions(Strict):
    """When tokens are counted in a stream."""

    hints = frozenset({"include_obfuscation"})
    include_usage: bool = False
    continuous_usage_stats: bool = False


class SamplingFields(Strict):
    """How the next token is chosen, how long the answer is and what it follows."""

    # These change nothing about the answer, here or elsewhere.
    hints: ClassVar[frozenset[str]] = frozenset(
        {
            "model",
            "user",
            "metadata",
            "store",
            "service_tier",
            "prompt_cache_key",
            "prompt_cache_retention",
            "prompt_cache_options",
            "safety_identifier",
            "priority",
            "request_id",
            "verbosity",
            "extra_headers",
        }
    )
    neutral: ClassVar[Mapping[str, tuple[Any, ...]]] = {
        "best_of": (1,),
        "use_beam_search": (False,),
        "length_penalty": (1, 1.0),
        "include_stop_str_in_output": (False,),
        "skip_special_tokens": (True,),
        "spaces_between_special_tokens": (True, False),
        "return_tokens_as_token_ids": (False,),
        "return_token_ids": (False,),
        "detokenize": (True,),
    }
    refused: ClassVar[Mapping[str, str]] = {
        "prompt_logprobs": "cannot be honoured: the log-probabilities of a prompt are not kept",
        "bad_words": "cannot be honoured; use logit_bias",
        "allowed_token_ids": "cannot be honoured; use logit_bias",
        "truncate_prompt_tokens": "cannot be honoured; send a shorter prompt",
        "ebnf": "cannot be honoured; use structured_outputs.grammar in Lark",
    }

    stream: bool = False
    stream_options: StreamOptions = StreamOptions()
    max_tokens: TokenCount | None = None
    n: Annotated[int, whole(1, MOST_CHOICES)] = 1
    seed: Annotated[int | None, SEEDS] = None
    temperature: Annotated[float | None, real(0, 2)] = None
    top_p: Annotated[float | None, real(0, 1)] = None
    top_k: Annotated[int, whole(-1, 2**31)] = 0
    min_p: Annotated[float, real(0, 1)] = 0.0
    frequency_penalty: Annotated[float, real(-2, 2)] = 0.0
    presence_penalty: Annotated[float, real(-2, 2)] = 0.0
    repetition_penalty: Annotated[float, real(0.01, 100)] = 1.0
    logit_bias: Biases = ()
    min_tokens: Annotated[int, whole(0, 2**31)] = 0
    ignore_eos: bool = False
    stop: Stops = ()
    stop_token_ids: list[int] = Field(default_factory=list)
    response_format: ResponseFormat | None = None
    structured_outputs: dict[str, Any] | None = None
    guided_json: Any = None
    guided_regex: str | None = None
    guided_choice: list[str] | None = None
    guided_grammar: str | None = None
    json_schema: Any = None
    regex: str | None = None

    def wishes(self, **more: Any) -> Wishes:
        """Return the wishes of these fields and of `more`. Raises Refused."""
        return Wishes(
            **{
                "max_tokens": self.max_tokens,
                "temperature": self.temperature,
                "top_p": self.top_p,
                "top_k": max(0, self.top_k),
                "min_p": self.min_p,
                "frequency_penalty": self.frequency_penalty,
                "presence_penalty": self.presence_penalty,
                "repetition_penalty": self.repetition_penalty,
                "logit_bias": self.logit_bias,
                "min_tokens": self.min_tokens,
                "ignore_eos": self.ignore_eos,
                "stop_token_ids": frozenset(self.stop_token_ids),
                "seed": self.seed,
                "stop": self.stop,
                "choices": self.n,
                "constraint": self.constraint(),
                **more,
            }
        )

    def constraint(self) -> Constraint | None:
        """Return what the answer has to follow; raises Refused where two fields ask for it."""
        found = [*self._formats(), *self._guides(), *self._structured()]
        if len(found) > 1:
            fields = " and ".join(one.field for one in found)
            raise Refused(f"{fields} were given; allowed is one of them.", found[1].field)
        return found[0] if found else None

    def _formats(self) -> list[Constraint]:
        form = self.response_format
        if form is None or form.type == "text":
            return []
        if form.type == "json_object":
            return [Constraint("json", None, f"{FORM}.type")]
        place = f"{FORM}.json_schema"
        if not isinstance(form.json_schema, Mapping):
            raise wrong(place, form.json_schema, "is a JSON object")
        schema = form.json_schema.get("schema")
        if schema is None:
            return [Constraint("json", None, place)]
        return [read_schema(schema, f"{place}.schema")]

    def _guides(self) -> list[Constraint]:
        found: list[Constraint] = []
        for name in ("guided_json", "json_schema"):
            if getattr(self, name) is not None:
                found.append(read_schema(getattr(self, name), name))
        for name in ("guided_regex", "regex"):
            if getattr(self, name) is not None:
                found.append(Constraint("regex", getattr(self, name), name))
        if self.guided_choice is not None:
            found.append(read_choice(self.guided_choice, "guided_choice"))
        if self.guided_grammar is not None:
            found.append(Constraint("lark", self.guided_grammar, "guided_grammar"))
        return found

    def _structured(self) -> list[Constraint]:
        if self.structured_outputs is None:
            return []
        place = "structured_outputs"
        found: list[Constraint] = []
        for name, value in self.structured_outputs.items():
            field = f"{place}.{name}"
            if value is None or name in ("disable_any_whitespace", "disable_fallback"):
                continue
            if name == "json":
                found.append(read_schema(value, field))
            elif name == "json_object":
                found += [Constraint("json", None, field)] if value is True else []
            elif name == "choice":
                found.append(read_choice(value, field))
            elif name in ("regex", "grammar") and isinstance(value, str):
                found.append(Constraint("regex" if name == "regex" else "lark", value, field))
            else:
                raise wrong(field, value, "are json, json_object, regex, choice and grammar")
        return found


def read_schema(schema: Any, place: str) -> Constraint:
    """Return the constraint of a JSON schema, or of a text that holds one. Raises Refused."""
    if isinstance(schema, str):
        try:
            schema = json.loads(schema)
        except ValueError:
            raise wrong(place, schema, "is a JSON schema") from None
    if not isinstance(schema, Mapping):
        raise wrong(place, schema, "is a JSON object")
    return Constraint("json", schema, place)


def read_choice(choice: Any, place: str) -> Constraint:
    """Return the constraint of a list of texts. Raises Refused."""
    texts = isinstance(choice, list) and all(isinstance(one, str) and one for one in choice)
    if not texts or not choice:
        raise wrong(place, choice, "is a list of texts with at least one, none of them empty")
    return Constraint("choice", choice, place)
