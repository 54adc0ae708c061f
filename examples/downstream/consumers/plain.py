"""The first draft that every project has: plain access to what ought to be there, and no checks."""

from __future__ import annotations

from datetime import datetime
from typing import Any


def read(response: dict[str, Any]) -> dict[str, Any]:
    """Return which objects each object is associated with, and how long the batch took."""
    associations = {
        result["from"]["id"]: [association["toObjectId"] for association in result["to"]]
        for result in response["results"]
    }
    took = datetime.fromisoformat(response["completedAt"]) - datetime.fromisoformat(response["startedAt"])
    return {
        "complete": response["status"] == "COMPLETE",
        "associations": associations,
        "seconds": took.total_seconds(),
        "errors": [error["message"] for error in response.get("errors", [])],
    }
