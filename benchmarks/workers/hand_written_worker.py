"""Worker for a Hypothesis strategy that is written by hand."""

from datetime import timedelta, timezone

from hypothesis import strategies as st
from serving import serve_strategy

texts = st.text()
numbers = st.integers(-(2**31), 2**31 - 1)
offsets = st.integers(-12 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
timestamps = st.datetimes(timezones=offsets).map(lambda timestamp: timestamp.isoformat())
contexts = st.dictionaries(texts, st.lists(texts))
links = st.dictionaries(texts, texts)

association_types = st.fixed_dictionaries(
    {
        "associationCategory": st.sampled_from(["HUBSPOT_DEFINED", "USER_DEFINED", "INTEGRATOR_DEFINED"]),
        "associationTypeId": numbers,
    },
    optional={"label": texts},
)
associations = st.fixed_dictionaries({"toObjectId": texts, "associationTypes": st.lists(association_types)})
pagings = st.fixed_dictionaries(
    {}, optional={"next": st.fixed_dictionaries({}, optional={"after": texts, "link": texts})}
)
results = st.fixed_dictionaries(
    {"from": st.fixed_dictionaries({"id": texts}), "to": st.lists(associations)}, optional={"paging": pagings}
)
details = st.fixed_dictionaries(
    {"message": texts}, optional={"code": texts, "subCategory": texts, "in": texts, "context": contexts}
)
errors = st.fixed_dictionaries(
    {"status": texts, "category": texts, "message": texts},
    optional={"id": texts, "errors": st.lists(details), "context": contexts, "links": links},
)
responses = st.fixed_dictionaries(
    {
        "status": st.sampled_from(["PENDING", "PROCESSING", "CANCELED", "COMPLETE"]),
        "results": st.lists(results),
        "startedAt": timestamps,
        "completedAt": timestamps,
    },
    optional={"requestedAt": timestamps, "numErrors": numbers, "errors": st.lists(errors), "links": links},
)

serve_strategy(responses)
