"""Stack traces: of any language, the error and the place in the user's code are found, and no number splits a cause."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contractfuzz.running.external.stack_traces import summarize

NODE = """/srv/read.js:12
    return order.items.length;
                       ^

TypeError: Cannot read properties of undefined (reading 'length')
    at read (/srv/read.js:12:24)
    at Object.<anonymous> (/srv/main.js:20:1)
    at Module._compile (node:internal/modules/cjs/loader:1554:14)

Node.js v20.20.2
"""
NODE_LIBRARY = """TypeError: no
    at parse (/srv/node_modules/lib/index.js:3:1)
    at read (file:///srv/reader.mjs:7:9)
"""
PYTHON = """Traceback (most recent call last):
  File "/srv/main.py", line 9, in <module>
    read(body)
  File "/srv/read.py", line 3, in read
    return order["id"]
           ~~~~~^^^^^^
KeyError: 'id'
"""
JAVA = """Exception in thread "main" java.lang.NullPointerException: Cannot invoke "String.length()"
\tat java.base/java.util.Objects.requireNonNull(Objects.java:208)
\tat com.fasterxml.jackson.databind.JsonNode.get(JsonNode.java:7)
\tat shop.Reader.read(Reader.java:31)
\tat shop.Main.main(Main.java:12)
"""
GO = """panic: runtime error: index out of range [3] with length 2

goroutine 1 [running]:
main.read(...)
\t/srv/read.go:12
main.main()
\t/srv/main.go:8 +0x1d
exit status 2
"""
RUST = """
thread 'main' panicked at src/reader.rs:12:5:
called `Option::unwrap()` on a `None` value
note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace
"""
OLD_RUST = "thread 'main' panicked at 'no entry found for key', src/reader.rs:12:5\nnote: run with x\n"
RUBY = """/srv/read.rb:12:in `fetch': key not found: "x" (KeyError)
\tfrom /srv/read.rb:12:in `read'
\tfrom /srv/main.rb:3:in `<main>'
"""
PHP = """PHP Fatal error:  Uncaught TypeError: strlen(): Argument #1 must be of type string in /srv/read.php:12
Stack trace:
#0 /srv/main.php(3): read()
#1 {main}
  thrown in /srv/read.php on line 12
"""
CSHARP = """Unhandled exception. System.Collections.Generic.KeyNotFoundException: The given key 'x' was not present.
   at System.Collections.Generic.Dictionary`2.get_Item(TKey key)
   at Reader.Read(Byte[] body) in /srv/Reader.cs:line 12
   at Program.Main() in /srv/Program.cs:line 3
"""


@pytest.mark.parametrize(
    ("trace", "name", "place"),
    [
        pytest.param(NODE, "TypeError", "read.js:12", id="node"),
        pytest.param(NODE_LIBRARY, "TypeError", "reader.mjs:7", id="node library"),
        pytest.param(PYTHON, "KeyError", "read.py:3", id="python"),
        pytest.param(JAVA, "NullPointerException", "Reader.java:31", id="java"),
        pytest.param(GO, "panic: runtime error: index out of range [N] with length N", "read.go:12", id="go"),
        pytest.param(RUST, "panic: called `Option::unwrap()` on a `None` value", "reader.rs:12", id="rust"),
        pytest.param(RUBY, "KeyError", "read.rb:12", id="ruby"),
        pytest.param(PHP, "TypeError", "read.php:12", id="php"),
        pytest.param(CSHARP, "KeyNotFoundException", "Reader.cs:12", id="c#"),
    ],
)
def test_the_error_and_the_place_are_found(trace, name, place):
    summary = summarize("exit status 2", trace)
    assert (summary.name, summary.place) == (f"exit status 2, {name}", place)


def test_the_message_of_a_plain_error_does_not_split_causes():
    trace = "Error: no order {}\n    at read (/srv/read.js:12:24)"
    assert summarize("", trace.format("a")).name == summarize("", trace.format("b")).name == "Error"


def test_a_panic_of_older_rust_has_its_message_and_its_place():
    summary = summarize("exit status 101", OLD_RUST)
    assert "no entry found for key" in summary.line
    assert summary.place == "reader.rs:12"


@given(st.integers(), st.integers(0, 2**64), st.text(alphabet="abc\\n é", max_size=5))
def test_numbers_addresses_and_quoted_text_do_not_split_causes(number, address, text):
    output = f'cannot read "{text.replace(chr(92), "")}" at {address:#x}, offset {abs(number)}'
    assert summarize("exit status 7", output).name == 'exit status 7, cannot read "..." at 0x..., offset N'


@given(st.text(), st.sampled_from(["", "exit status 7"]))
def test_any_output_has_a_summary_in_printable_text(output, ended):
    summary = summarize(ended, output)
    assert summary.name.isprintable()
    assert summary.line.isprintable()
    assert summary.name
    assert summary.line


def test_the_path_of_an_existing_file_is_kept_for_annotations(tmp_path):
    (tmp_path / "read.js").write_text("")
    assert summarize("", "TypeError: no\n    at read (read.js:3:1)", str(tmp_path)).file == str(tmp_path / "read.js")
    assert summarize("", "TypeError: no\n    at read (gone.js:3:1)", str(tmp_path)).file == ""
