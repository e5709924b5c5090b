"""A team's design system: tokens and components that its pages are written with.

It is read as data from CSS, a Tailwind configuration or W3C design tokens, and pages are mapped
onto it.
"""
