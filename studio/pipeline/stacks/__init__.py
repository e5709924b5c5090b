"""Stacks: one HTML + CSS page becomes a project of any stack, and a project becomes a page to show.

`confined` has the conversions. They are deterministic and need no other program: `project` makes the
files of a stack, `page` bundles what a browser cannot read directly (JSX, Vue's files) without running
it, and adds the frameworks' files, so nothing is fetched. Both run in a process with limits on memory
and time. Nothing is imported here, because the names of the stacks (`kinds`) are needed where the
parsers are not.
"""
