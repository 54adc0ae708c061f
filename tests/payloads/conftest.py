from __future__ import annotations

import pytest

from contractfuzz import Contract


@pytest.fixture(scope="session")
def hubspot():
    """HubSpot's contract, as an installed pack brings it."""
    return Contract.named("batch_association_response")
