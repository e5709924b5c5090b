"""The living style page: every component in every state, in both themes; only with DEBUG."""
