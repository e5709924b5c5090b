"""The one way out: every connection that a team member's input can cause is resolved, checked and
bounded here.

Models, webhooks, git over https, ssh and forge APIs use it. Addresses that only the operator sets
(the database, Redis, S3, SMTP, the OpenID Connect provider) do not.
"""
