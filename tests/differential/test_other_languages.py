"""Comparison of a reader in Python with one in JavaScript: both planted disagreements are found, in small payloads."""

from __future__ import annotations

import json
import shutil

import pytest
from external_programs import persistent

from contractfuzz import Command, Contract, Verdict
from contractfuzz.differential.differ_run import differ

ACCOUNTS = Contract.load(
    {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "accounts",
        "type": "object",
        "properties": {
            "id": {"type": "integer"},
            "name": {"type": "string"},
            "plan": {"type": "string", "enum": ["free", "paid"]},
            "tags": {"type": "array", "items": {"type": "string"}},
        },
        "required": ["id", "name"],
    }
)

READER = """
import { createInterface } from "node:readline";

function read(account) {
  if (!Number.isInteger(account?.id) || typeof account.name !== "string") throw new Error("not an account");
  return { id: account.id, name: account.name || "anonymous", tags: account.tags ?? [] };
}

createInterface({ input: process.stdin }).on("line", (line) => {
  const { id, body, base64 } = JSON.parse(line);
  let answer;
  try {
    const text = base64 === undefined ? body : Buffer.from(base64, "base64").toString();
    answer = { verdict: "accepted", result: read(JSON.parse(text)) };
  } catch (error) {
    answer = { verdict: "rejected", error: error.message };
  }
  console.log(JSON.stringify({ id, ...answer }));
});
"""
"""A reader with two planted disagreements: it rounds long integers, and it gives a name to accounts without one."""


class Account:
    def __init__(self, id: int, name: str, tags: list[str]) -> None:  # noqa: A002
        self.id, self.name, self.tags = id, name, tags


def read(body: bytes) -> Account:
    account = json.loads(body)
    if not isinstance(account, dict) or type(account.get("id")) is not int or not isinstance(account.get("name"), str):
        raise ValueError("not an account")
    return Account(account["id"], account["name"], account.get("tags") or [])


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node: apt-get install nodejs")
def test_two_planted_disagreements_with_a_reader_in_javascript_are_found_and_shrunk(tmp_path):
    (tmp_path / "read.mjs").write_text(READER, encoding="utf-8")
    node = Command("node read.mjs", persistent=True, folder=str(tmp_path))
    report = differ([read, node], ACCOUNTS, examples=60)
    name = next(one for one in report.disagreements if one.place == "/name")
    number = next(one for one in report.disagreements if one.place == "/id")
    assert name.case.payload == {"id": 0, "name": ""}
    assert name.kind == "valid"
    assert abs(number.case.payload["id"]) > 2**53
    assert len(name.case.body) < 200
    assert len(number.case.body) < 200
    assert [one.place for one in report.disagreements if one.kind == "valid"] == ["/name"]


def test_a_program_that_dies_disagrees():
    fragile = persistent("    os._exit(3) if b'null' in body else answer(number, result=None)")
    report = differ([read, fragile], ACCOUNTS, examples=0, only="/plan:type.null")
    [died] = report.disagreements
    assert died.verdicts == (Verdict.ACCEPTED, Verdict.DIED)
    assert died.answers[1].reason.startswith("exit status 3")
    assert report.silent == (fragile.name,)
