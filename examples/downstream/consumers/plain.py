"""First draft: direct access to the expected properties, without checks."""

from __future__ import annotations

from datetime import datetime
from typing import Any


def read(response: dict[str, Any]) -> dict[str, Any]:
    """Return the associations of each object and the duration of the batch."""
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
