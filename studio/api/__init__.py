"""The REST API: thin views over the same services and access rules as the pages."""
