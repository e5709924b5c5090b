"""From words to a page outline: what the words name is read by rule, the rest is asked of a writer.

`plan_outline` reads a prompt; `write_texts` has a model write the texts, section by section;
`studio.pipeline.sections` makes the page.
"""
