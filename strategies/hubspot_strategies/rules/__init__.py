"""Rules of a ``BatchAssociationResponse`` that its schema cannot express.

Each rule has a name, a description of its violation and two functions: a check that any valid payload keeps the rule, and a
builder of payloads that break this rule and no other. A builder changes one place of a small coherent response. To add a rule,
write both functions in ``batch`` or ``results`` and add an entry to the end of ``RULES``.
"""

from __future__ import annotations

from contractfuzz.payloads.incoherent import Rule
from hubspot_strategies.rules import batch, results

RULES = (
    Rule(
        "completed-before-started",
        "completedAt is before startedAt",
        batch.is_completed_after_start,
        batch.make_completed_before_started,
    ),
    Rule(
        "started-before-requested",
        "startedAt is before requestedAt",
        batch.is_started_after_request,
        batch.make_started_before_requested,
    ),
    Rule(
        "num-errors-mismatch",
        "numErrors is not the number of listed errors",
        batch.has_correct_error_count,
        batch.make_num_errors_mismatch,
    ),
    Rule(
        "completion-in-future",
        "a finished batch (COMPLETE or CANCELED) has a completedAt in the future",
        batch.is_completed_by_now,
        batch.make_completion_in_future,
    ),
    Rule(
        "pending-with-results",
        "a PENDING batch has results",
        batch.has_no_results_while_pending,
        batch.make_pending_with_results,
    ),
    Rule(
        "duplicate-from-id",
        "two results are about the same object",
        results.has_distinct_sources,
        results.make_duplicate_from_id,
    ),
    Rule(
        "duplicate-to-object-id",
        "one result lists the same object twice",
        results.has_distinct_targets,
        results.make_duplicate_to_object_id,
    ),
    Rule(
        "duplicate-association-type",
        "one association lists the same type twice",
        results.has_distinct_types,
        results.make_duplicate_association_type,
    ),
    Rule(
        "paging-next-without-after",
        "paging.next announces a next page without a cursor",
        results.has_cursor_on_every_page,
        results.make_paging_next_without_after,
    ),
    Rule(
        "repeated-cursor",
        "a result has the same cursor as the previous result",
        results.has_distinct_cursors,
        results.make_repeated_cursor,
    ),
    Rule(
        "empty-id",
        "the id of a requested object is empty",
        results.has_source_ids,
        results.make_empty_id,
    ),
    Rule(
        "self-association",
        "an object is associated with itself",
        results.has_no_self_association,
        results.make_self_association,
    ),
    Rule(
        "errors-missing",
        "numErrors counts errors but none are listed",
        batch.lists_counted_errors,
        batch.make_errors_missing,
    ),
    Rule(
        "label-conflict",
        "one association type has two different labels",
        results.has_consistent_labels,
        results.make_label_conflict,
    ),
)
"""All rules, in a stable order. The order affects which cases a seed produces."""
