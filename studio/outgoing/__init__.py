"""Guarded outgoing connections, checked and bounded.

Everything that team members can cause uses them: models, webhooks, git over https and ssh,
forges' APIs, and pages that become mockups. Addresses that only the operator sets (the database,
Redis, S3, SMTP, the OpenID Connect provider) do not.
"""
