"""The standard library's json, with direct access to the properties that the program needs."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any


def read(body: bytes) -> dict[str, Any]:
    response = json.loads(body)
    took = datetime.fromisoformat(response["completedAt"]) - datetime.fromisoformat(response["startedAt"])
    return {
        "complete": response["status"] == "COMPLETE",
        "seconds": took.total_seconds(),
        "associations": {
            result["from"]["id"]: {
                association["toObjectId"]: [kind["associationTypeId"] for kind in association["associationTypes"]]
                for association in result["to"]
            }
            for result in response["results"]
        },
        "next": [result.get("paging", {}).get("next", {}).get("after") for result in response["results"]],
        "errors": [f"{error['category']}: {error['message']}" for error in response.get("errors", [])],
    }
