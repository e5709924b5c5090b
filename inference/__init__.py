"""Our model: clients for model servers, checkpoints, chat format, engine and server."""
