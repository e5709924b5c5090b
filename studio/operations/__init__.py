"""The operator's page: queue, workers, model, storage, errors and versions of this studio."""
