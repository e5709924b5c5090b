"""Forms for repositories and exports."""

from __future__ import annotations

import itertools
import re

from django import forms

from studio.export.models import Repository

BRANCH = re.compile(r"(?!/|.*(?:[/.]{2}|//|@\{|\\))[\w][\w./+-]{0,150}(?<![./])")
BRANCH_WORDS = "Branch: use letters, digits, '-', '_', '.' and '/', for example likeness/harbour."


class RepositoryForm(forms.Form):
    kind = forms.ChoiceField(choices=Repository.Kind.choices)
    url = forms.CharField(
        max_length=500, error_messages={"required": "Enter the repository's address."}
    )
    username = forms.CharField(max_length=100, required=False)
    secret = forms.CharField(max_length=10_000, required=False, strip=False)

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"].strip().rstrip("/")
        short = re.fullmatch(r"([\w.-]+)@([\w.-]+):(?!//)(.+)", url)  # git@host:owner/name
        return f"ssh://{short[1]}@{short[2]}/{short[3]}" if short else url


class ExportForm(forms.Form):
    repository = forms.IntegerField(error_messages={"required": "Choose a repository."})
    branch = forms.CharField(max_length=150, error_messages={"required": BRANCH_WORDS})
    folder = forms.CharField(max_length=200, required=False)

    def clean_branch(self) -> str:
        branch: str = self.cleaned_data["branch"]
        if not BRANCH.fullmatch(branch) or branch.endswith(".lock"):
            raise forms.ValidationError(BRANCH_WORDS)
        return branch

    def clean_folder(self) -> str:
        folder: str = self.cleaned_data["folder"].strip().strip("/")
        if folder and not re.fullmatch(r"[\w][\w. -]*(?:/[\w][\w. -]*)*", folder):
            raise forms.ValidationError(
                "Folder: use a path inside the repository, such as apps/web, or leave it empty."
            )
        return folder


def join_errors(form: forms.Form) -> str:
    """Return all errors as one message."""
    return " ".join(map(str, itertools.chain.from_iterable(form.errors.values())))
