"""The page in a real browser: readers open rows, filter and compare, and no payload runs code."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
import reported_consumers
from PIL import Image
from runs import report_of
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select, WebDriverWait

from contractfuzz import Verdict
from contractfuzz.reports.comparison import read_comparisons
from contractfuzz.reports.rendering import render

COMPUTE_COLOURS = """
const context = document.createElement("canvas").getContext("2d");
const rgb = (colour) => {
  context.clearRect(0, 0, 1, 1);
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
};
const style = getComputedStyle(document.documentElement);
return Object.fromEntries(arguments[0].map((name) => [name, rgb(style.getPropertyValue("--" + name))]));
"""


def count_violations(location):
    """Return the number of violations of the contract for orders at a location."""
    violations = reported_consumers.orders_contract.violations()
    return len([violation for violation in violations if violation.location == location])


def count_labels(report):
    """Return the number of labels that a page lists; a kind without labels counts as one."""
    return sum(map(len, report.labels.values())) + len(report.counts.keys() - report.labels.keys())


def wait_for(browser, condition):
    return WebDriverWait(browser, 20, poll_frequency=0.02).until(lambda _: condition())


def find_row(browser, *path):
    """Return the row that a path of names leads to, from the root of the tree."""
    row = browser.find_element(By.CSS_SELECTOR, ".tree > .row")
    for name in path:
        children = row.find_elements(By.XPATH, "./ul/li")
        row = next(child for child in children if name_of(child) == name)
    return row


def name_of(element):
    return element.find_element(By.CSS_SELECTOR, ".name").text.removesuffix(" each")


def summary(row):
    return row.find_element(By.XPATH, "./details/summary")


def visible_rows(browser, selector=".row"):
    return [name_of(row) for row in browser.find_elements(By.CSS_SELECTOR, selector) if row.is_displayed()]


def open_row(browser, *path):
    """Open a row and return its labels by name."""
    row = find_row(browser, *path)
    summary(row).click()
    labels = wait_for(browser, lambda: row.find_elements(By.XPATH, "./details/div/*[contains(@class, 'label')]"))
    return {name_of(label): label for label in labels}


def open_everything(browser):
    """Open all rows and all labels."""
    browser.find_element(By.CSS_SELECTOR, "[data-open]").click()
    wait_for(browser, lambda: browser.find_elements(By.CSS_SELECTOR, ".label"))
    browser.execute_script("for (const label of document.querySelectorAll('details.label')) label.open = true")
    wait_for(browser, lambda: browser.find_elements(By.CSS_SELECTOR, ".finding"))


def open_label(browser, label):
    """Open a label and return its first finding."""
    label.find_element(By.CSS_SELECTOR, "summary").click()
    return wait_for(browser, lambda: label.find_elements(By.CSS_SELECTOR, ".finding"))[0]


def choose(browser, name, value):
    Select(browser.find_element(By.NAME, name)).select_by_value(value)


def emulate(browser, **features):
    media = features.pop("media", "")
    listed = [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": media, "features": listed})


def screenshot(browser):
    return Image.open(io.BytesIO(browser.get_screenshot_as_png())).convert("RGB")


# --- looking --------------------------------------------------------------------------------------------------------------------


def test_the_answer_is_at_the_top(opened, reported):
    browser = opened(reported("careless"))
    heading = browser.find_element(By.TAG_NAME, "h1")
    assert heading.text == "reported_consumers:careless does not honour orders"
    assert heading.location["y"] < 100
    assert browser.title == "reported_consumers:careless does not honour orders."


def test_the_tree_shows_outcomes_in_words_symbols_and_colours(opened, reported):
    browser = opened(reported("careless"))
    rows = {}
    for path in [(), ("state",), ("lines",), ("lines", "*"), ("lines", "*", "sku"), ("lines", "*", "count")]:
        row = summary(find_row(browser, *path))
        symbol = row.find_element(By.CSS_SELECTOR, ".symbol")
        rows["/".join(path)] = (
            symbol.text,
            symbol.get_attribute("class"),
            row.find_element(By.CSS_SELECTOR, ".outcomes").text,
        )
    assert rows["state"][:2] == ("·", "symbol unread")
    assert rows["lines/*/sku"][:2] == ("✕", "symbol error")
    assert rows[""][2] == f"all {count_violations('')} crashed"
    assert rows["lines/*/count"][2] == f"all {count_violations('/lines/*/count')} accepted without effect"


def test_a_row_that_was_not_fed_looks_unlike_one_that_was_rejected(opened, reported):
    browser = opened(reported("honest"))
    assert summary(find_row(browser, "state")).find_element(By.CSS_SELECTOR, ".symbol").text == "✓"
    report = report_of(
        reported_consumers.honest, reported_consumers.orders_contract, feed="bytes", examples=0, only="/lines:*"
    )
    browser = opened(report)
    row = summary(find_row(browser, "state"))
    assert row.find_element(By.CSS_SELECTOR, ".symbol").text == "○"
    assert row.find_element(By.CSS_SELECTOR, ".outcomes").text == f"none of {count_violations('/state')} fed"


def test_the_strips_are_painted_in_the_colours_of_the_outcomes(opened, reported):
    browser = opened(reported("careless"))
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", find_row(browser, "lines", "*"))
    shown = screenshot(browser)
    fills = browser.execute_script(COMPUTE_COLOURS, ["error-fill", "unread-fill", "paper"])
    scale = shown.width / browser.execute_script("return innerWidth")
    assert shown.getpixel((2, 2)) == tuple(fills["paper"])
    for path, colour in {(): "error-fill", ("lines", "*", "count"): "unread-fill"}.items():
        strip = summary(find_row(browser, *path)).find_element(By.CSS_SELECTOR, ".strip")
        box = browser.execute_script("return arguments[0].getBoundingClientRect()", strip)
        middle = (box["x"] + box["width"] / 2) * scale, (box["y"] + box["height"] / 2) * scale
        assert shown.getpixel(tuple(map(int, middle))) == tuple(fills[colour])


# --- opening --------------------------------------------------------------------------------------------------------------------


def test_a_click_opens_the_violations_of_a_location(opened, reported):
    browser = opened(reported("careless"))
    labels = open_row(browser, "state")
    assert list(labels)[:2] == ["required.missing", "type.null"]
    assert labels["type.null"].find_element(By.CSS_SELECTOR, ".outcome").text == "accepted without effect"


def test_a_violation_shows_payload_exception_and_reproduction(opened, reported):
    browser = opened(reported("careless"))
    finding = open_label(browser, open_row(browser, "lines", "*", "sku")["type.null"])
    expected = next(each for each in reported("careless").findings if each.case.label == "/lines/*/sku:type.null")
    assert json.loads(finding.find_element(By.CSS_SELECTOR, ".payload").text) == expected.case.payload
    assert finding.find_element(By.TAG_NAME, "mark").text == "null"
    assert "crashed with AttributeError: 'NoneType' object has no attribute 'upper'" in finding.text
    assert finding.find_element(By.CSS_SELECTOR, ".reproduction").text == expected.reproduction
    finding.find_element(By.TAG_NAME, "summary").click()
    assert 'return [line["sku"].upper()' in finding.text


def test_malformed_bodies_have_a_row_below_the_tree(opened, reported):
    browser = opened(reported("careless"))
    bodies = next(row for row in browser.find_elements(By.CSS_SELECTOR, ".tree > .row") if "malformed" in name_of(row))
    summary(bodies).click()
    labels = wait_for(browser, lambda: bodies.find_elements(By.CSS_SELECTOR, ".label"))
    nested = next(label for label in labels if name_of(label) == "deep-nesting")
    assert "RecursionError" in open_label(browser, nested).text


def test_the_reproduction_can_be_copied(opened, reported):
    browser = opened(reported("careless"))
    finding = open_label(browser, open_row(browser, "state")["type.null"])
    button = finding.find_element(By.CSS_SELECTOR, ".copy")
    button.click()
    wait_for(browser, lambda: button.text in ("Copied", "Selected"))
    if button.text == "Selected":
        selected = browser.execute_script("return getSelection().toString()")
        assert selected == finding.find_element(By.CSS_SELECTOR, ".reproduction").text


def test_the_keyboard_alone_opens_rows_and_labels(opened, reported):
    browser = opened(reported("careless"))
    first = summary(find_row(browser))
    keyboard = browser.switch_to
    for _ in range(60):
        keyboard.active_element.send_keys(Keys.TAB)
        if keyboard.active_element == first:
            break
    assert keyboard.active_element == first
    assert browser.execute_script("return getComputedStyle(arguments[0]).outlineStyle", first) == "solid"
    first.send_keys(Keys.ENTER)
    label = wait_for(browser, lambda: find_row(browser).find_elements(By.CSS_SELECTOR, ".label summary"))[0]
    first.send_keys(Keys.TAB)
    assert keyboard.active_element == label
    label.send_keys(Keys.SPACE)
    wait_for(browser, lambda: browser.find_elements(By.CSS_SELECTOR, ".finding"))


def test_all_rows_open_and_close_at_once(opened, reported):
    browser = opened(reported("careless"))
    browser.find_element(By.CSS_SELECTOR, "[data-open]").click()
    total = sum(map(len, reported("careless").labels.values()))
    wait_for(browser, lambda: len(browser.find_elements(By.CSS_SELECTOR, ".label")) >= total)
    browser.find_element(By.CSS_SELECTOR, "[data-close]").click()
    assert not browser.find_elements(By.CSS_SELECTOR, ".row > details[open]")


# --- filtering ------------------------------------------------------------------------------------------------------------------


def test_the_keyword_filter_leaves_the_violations_of_one_keyword(opened, reported):
    browser = opened(reported("careless"))
    choose(browser, "keyword", "minimum")
    assert visible_rows(browser) == ["the whole payload", "lines", "*", "count"]
    assert (
        browser.find_element(By.TAG_NAME, "output").text
        == f"2 of {count_labels(reported('careless'))} labels at 1 location"
    )
    assert list(open_row(browser, "lines", "*", "count")) == ["minimum.beyond", "minimum.far"]


def test_the_outcome_filter_leaves_the_labels_of_one_outcome(opened, reported):
    browser = opened(reported("careless"))
    choose(browser, "outcome", "crashed")
    assert "state" not in visible_rows(browser)
    labels = open_row(browser, "lines").values()
    outcomes = [label.find_element(By.CSS_SELECTOR, ".outcome").text for label in labels]
    assert outcomes
    assert all("crashed" in outcome for outcome in outcomes)


def test_the_kind_filter_leaves_one_kind(opened, reported):
    browser = opened(reported("careless"))
    choose(browser, "kind", "malformed")
    assert visible_rows(browser) == ["malformed (are not interoperable JSON)"]


def test_an_open_row_follows_the_filter(opened, reported):
    browser = opened(reported("careless"))
    labels = open_row(browser, "state")
    choose(browser, "keyword", "required")
    remaining = find_row(browser, "state").find_elements(By.CSS_SELECTOR, ".label")
    assert [name_of(label) for label in remaining] == ["required.missing"]
    assert len(labels) > 1


def test_the_search_finds_the_text_of_a_finding(opened, reported):
    browser = opened(reported("careless"))
    choose(browser, "kind", "invalid")
    browser.find_element(By.NAME, "text").send_keys("nonetype' object has no attribute")
    assert visible_rows(browser) == ["the whole payload", "lines", "*", "sku"]


def open_cause(browser, text):
    """Open the first cause with a text in its title; return it and the number of its findings."""
    cause = next(one for one in browser.find_elements(By.CSS_SELECTOR, ".cause") if text in one.text)
    number = cause.find_element(By.CSS_SELECTOR, ".count").text.split()[0]
    cause.find_element(By.CSS_SELECTOR, "summary").click()
    wait_for(browser, lambda: cause.find_elements(By.CSS_SELECTOR, ".finding"))
    return cause, number


def test_a_click_on_a_cause_shows_its_smallest_payload(opened, reported):
    cause, _ = open_cause(opened(reported("careless")), "AttributeError")
    assert json.loads(cause.find_element(By.CSS_SELECTOR, ".payload").text)["lines"][0]["sku"] is None
    assert cause.find_element(By.TAG_NAME, "mark").text == "null"
    assert 'return [line["sku"].upper()' in cause.text
    assert "careless(b'" in cause.find_element(By.CSS_SELECTOR, ".reproduction").text


def test_a_cause_leads_to_its_labels(opened, reported):
    browser = opened(reported("careless"))
    cause, number = open_cause(browser, "AttributeError")
    cause.find_element(By.CSS_SELECTOR, ".show-labels").click()
    output = browser.find_element(By.TAG_NAME, "output").text
    assert output.startswith(
        f"{number} of {count_labels(reported('careless'))} labels at 1 location: AttributeError at reported_consumers.py"
    )


def test_filters_count_the_labels_that_the_others_leave(opened, reported):
    browser = opened(reported("careless"))
    choose(browser, "keyword", "minimum")
    shown = {
        option.get_attribute("value"): option.text for option in Select(browser.find_element(By.NAME, "kind")).options
    }
    count = len([one for one in reported_consumers.orders_contract.violations() if one.keyword == "minimum"])
    assert shown["invalid"] == f"invalid ({count})"
    assert shown["valid"] == "valid (0)"


def test_clearing_the_filters_shows_all_rows(opened, reported):
    browser = opened(reported("careless"))
    before = visible_rows(browser)
    choose(browser, "keyword", "minimum")
    browser.find_element(By.CSS_SELECTOR, "[type=reset]").click()
    wait_for(browser, lambda: visible_rows(browser) == before)
    assert browser.find_element(By.TAG_NAME, "output").text == ""


# --- comparing ------------------------------------------------------------------------------------------------------------------


@pytest.fixture(params=["json", "html"])
def compared(request, reported, tmp_path):
    """Return the page of the improved consumer, compared with the careless one from a file."""
    file = tmp_path / f"earlier.{request.param}"
    file.write_text(render(reported("careless"), request.param), encoding="utf-8")
    return render(reported("improved"), "html", comparisons=read_comparisons(str(file)))


def test_the_page_shows_changes_against_another_report(opened, compared):
    browser = opened(compared)
    assert (
        "Compared with reported_consumers:careless from earlier."
        in browser.find_element(By.CSS_SELECTOR, ".answer").text
    )
    assert summary(find_row(browser)).find_element(By.CSS_SELECTOR, ".changes").text == f"{count_violations('')} better"
    assert not summary(find_row(browser, "state")).find_elements(By.CSS_SELECTOR, ".changes")
    assert open_row(browser)["type.null"].find_element(By.CSS_SELECTOR, ".compared").text == "other report: crashed"


def test_the_change_filter_leaves_the_labels_of_one_change(opened, compared):
    browser = opened(compared)
    choose(browser, "change", "better")
    assert visible_rows(browser)[:2] == ["the whole payload", "lines"]
    assert "state" not in visible_rows(browser)


# --- several --------------------------------------------------------------------------------------------------------------------


def test_a_page_of_several_reports_keeps_their_filters_apart(opened, reported):
    browser = opened([reported("careless"), reported("honest")])
    assert browser.find_element(By.TAG_NAME, "h1").text == "1 of 2 consumers do not honour their contracts"
    first, second = browser.find_elements(By.CSS_SELECTOR, ".report")
    Select(second.find_element(By.NAME, "keyword")).select_by_value("minimum")
    assert len([row for row in first.find_elements(By.CSS_SELECTOR, ".row") if row.is_displayed()]) > 4
    assert len([row for row in second.find_elements(By.CSS_SELECTOR, ".row") if row.is_displayed()]) == 4


# --- hostile text ---------------------------------------------------------------------------------------------------------------


def test_payloads_names_and_messages_run_no_code(opened, reported):
    browser = opened(reported("echoing"))
    browser.find_element(By.CSS_SELECTOR, "[data-open]").click()
    total = sum(map(len, reported("echoing").labels.values()))
    wait_for(browser, lambda: len(browser.find_elements(By.CSS_SELECTOR, ".label")) >= total)
    browser.execute_script("for (const label of document.querySelectorAll('details.label')) label.open = true")
    total = len(reported("echoing").findings)
    assert total >= 5
    wait_for(browser, lambda: len(browser.find_elements(By.CSS_SELECTOR, ".finding")) >= total)
    assert browser.execute_script("return window.ran") is None
    assert len(browser.find_elements(By.TAG_NAME, "script")) == 2
    assert not browser.find_elements(By.CSS_SELECTOR, "img, [onclick], [onfocus], [onerror], [autofocus]")
    assert browser.get_log("browser") == []
    assert len(visible_rows(browser, ".tree:first-of-type > .row > ul > .row")) == len(reported_consumers.HOSTILE_NAMES)


def test_invisible_characters_are_escaped(opened, reported):
    browser = opened(reported("echoing"))
    open_everything(browser)
    texts = browser.execute_script(
        "return [...document.querySelectorAll('.name, .title, .description, dd')].map((element) => element.textContent)"
    )
    assert r'"\u202eesrever"' in texts
    assert r'"\u0000\u001b[31m"' in texts
    assert {character for text in texts for character in text if not character.isprintable()} <= {"\n"}


def test_the_page_sends_no_request(opened, reported):
    browser = opened(reported("echoing"))
    browser.find_element(By.CSS_SELECTOR, "[data-open]").click()
    sent = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    urls = [message["params"]["request"]["url"] for message in sent if message["method"] == "Network.requestWillBeSent"]
    assert [urlsplit(url).scheme for url in urls] == ["file"]


@pytest.mark.parametrize(
    "attempt",
    [
        "const element = document.createElement('script'); element.append('window.ran = 1'); document.head.append(element)",
        "const element = document.createElement('script'); element.src = 'other.js'; document.head.append(element)",
        "document.body.setAttribute('onclick', 'window.ran = 1'); document.body.click()",
        "document.body.innerHTML = '<img src=x onerror=\"window.ran = 1\">'",
        "new Image().src = 'other.png'",
        "fetch('other.json').catch(() => {})",
        "document.body.setAttribute('style', 'color: red')",
        "const element = document.createElement('iframe'); element.src = 'other.html'; document.body.append(element)",
        "document.body.append(document.createElement('form')); document.forms[1].submit()",
    ],
)
def test_the_policy_refuses_injected_code(opened, reported, attempt):
    browser = opened(reported("honest"))
    refused = browser.execute_async_script(
        f"""
        const done = arguments[0];
        document.addEventListener("securitypolicyviolation", (event) => done(event.disposition));
        setTimeout(() => done("nothing was refused"), 5000);
        try {{ {attempt} }} catch (error) {{ if (!(error instanceof TypeError)) throw error; }}
        """
    )
    assert refused == "enforce"
    assert browser.execute_script("return window.ran") is None


# --- colours, screens and sizes ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_enough_contrast_in_light_and_dark(opened, reported, scheme):
    browser = opened(reported("careless"))
    emulate(browser, prefers_color_scheme=scheme)
    inks = ["ink", "soft", "error", "changed", "warning", "unread", "skipped", "tolerated", "good"]
    colours = browser.execute_script(COMPUTE_COLOURS, [*inks, "paper", "card", "hover", "code"])
    pairs = [(ink, background) for ink in inks for background in ("paper", "card", "hover")]
    assert len(pairs) == 27
    for ink, background in pairs:
        assert contrast(colours[ink], colours[background]) >= 4.5, f"{ink} on {background} (WCAG 2.2, 1.4.3)"
    assert contrast(colours["ink"], colours["code"]) >= 7


def contrast(colour, other):
    """Return the contrast ratio of two colours (WCAG 2.2)."""
    lighter, darker = sorted((luminance(colour), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour):
    linear = [c / 3294.6 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_the_page_follows_the_colour_scheme(opened, reported):
    browser = opened(reported("careless"))
    emulate(browser, prefers_color_scheme="light")
    light = screenshot(browser).getpixel((2, 2))
    emulate(browser, prefers_color_scheme="dark")
    dark = screenshot(browser).getpixel((2, 2))
    assert min(light) > 220
    assert max(dark) < 50


def test_print_hides_the_filters_and_keeps_open_rows(opened, reported):
    browser = opened(reported("careless"))
    open_label(browser, open_row(browser, "state")["type.null"])
    emulate(browser, media="print", prefers_color_scheme="dark")
    assert not browser.find_element(By.CSS_SELECTOR, ".filters").is_displayed()
    assert browser.find_element(By.CSS_SELECTOR, ".payload").is_displayed()
    assert browser.execute_script("return getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


@pytest.mark.parametrize("consumer", ["careless", "echoing"])
def test_a_narrow_screen_does_not_scroll_sideways(opened, reported, consumer):
    browser = opened(reported(consumer))
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": 380, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    )
    open_everything(browser)
    assert browser.execute_script("return document.documentElement.scrollWidth") <= 380


def test_labels_of_a_large_report_are_created_on_demand(opened, reported):
    examples = [finding for finding in reported("careless").findings if finding.kind == "invalid"]
    findings = []
    for number in range(5_000):
        finding = examples[number % len(examples)]
        label = f"/part{number // 50}/field{number // 10}:type.variant{number % 10}"
        findings.append(replace(finding, case=replace(finding.case, label=label)))
    labels = {"invalid": {finding.case.label: Verdict(finding.verdict) for finding in findings}}
    browser = opened(
        replace(reported("careless"), labels=labels, findings=findings, counts={"invalid": {"crashed": 5_000}})
    )
    # Each row has a few elements, and each label would add some.
    elements = browser.find_elements(By.CSS_SELECTOR, "*")
    assert len(elements) < 11 * len(browser.find_elements(By.CSS_SELECTOR, ".row"))
    choose(browser, "keyword", "type")
    assert browser.find_element(By.TAG_NAME, "output").text == "5,000 of 5,000 labels at 500 locations"
