"""A report in every form in which people and programs read it."""

from contractfuzz.consumers.reports.as_json import from_json
from contractfuzz.consumers.reports.merging import merge
from contractfuzz.consumers.reports.rendering import FORMS, Form, form_of, render

__all__ = ["FORMS", "Form", "form_of", "from_json", "merge", "render"]
