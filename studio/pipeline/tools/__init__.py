"""What an agent cannot do alone: see a mockup, render a page, measure it. One set for every door."""
