"""The generation loop: draft, write, render, score, refine, accept what is better."""
