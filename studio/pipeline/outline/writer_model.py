"""The small writer that anybody can run: its weights, and the name under which it is served."""

from __future__ import annotations

# The name that the writer's server lists; a model of another name writes pages itself.
WRITER_NAME = "likeness-writer"
WRITER_FILE = "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf"
WRITER_BYTES = 1_117_320_768
WRITER_SHA256 = "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046"
