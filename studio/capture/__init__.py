"""A picture of a page or picture behind an address, for a run's mockup.

The browser has no network here either: each of its requests is answered by a fetch through
`studio.outgoing`, with checked addresses and bounds.
"""
