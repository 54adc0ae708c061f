"""A report in every form in which people and programs read it."""

from contractfuzz.reports.json_report import from_json
from contractfuzz.reports.merging import merge
from contractfuzz.reports.rendering import FORMS, Form, form_of, render

__all__ = ["FORMS", "Form", "form_of", "from_json", "merge", "render"]
