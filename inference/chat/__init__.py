"""Chat: messages to tokens and tokens to answers."""
