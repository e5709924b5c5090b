"""The chat format of K2.6: messages to tokens, tokens to answers."""
