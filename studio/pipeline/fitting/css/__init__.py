"""The fit of code: a page's own numbers and colours, turned until the page looks like its mockup."""
