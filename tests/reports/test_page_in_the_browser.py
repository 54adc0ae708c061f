"""The page in a real browser: people open it, look, filter and compare, and no payload does anything in it."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
import reported_consumers
from PIL import Image
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select, WebDriverWait

from contractfuzz import Verdict
from contractfuzz.reports.comparison import read_comparisons
from contractfuzz.reports.html_page import reports_as_html
from contractfuzz.reports.rendering import render
from contractfuzz.running.run import Run

SCRIPTS_COLOURS = """
const context = document.createElement("canvas").getContext("2d");
const seen = (colour) => {
  context.clearRect(0, 0, 1, 1);
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
};
const style = getComputedStyle(document.documentElement);
return Object.fromEntries(arguments[0].map((name) => [name, seen(style.getPropertyValue("--" + name))]));
"""


def labels_at(location):
    """How many ways there are to break an order at a location."""
    return len([one for one in reported_consumers.orders_contract.violations() if one.location == location])


def all_labels(report):
    """How many labels a page of a report lists; a kind without labels is one."""
    return sum(map(len, report.labels.values())) + len(report.counts.keys() - report.labels.keys())


def wait_for(browser, what):
    return WebDriverWait(browser, 20, poll_frequency=0.02).until(lambda _: what())


def place(browser, *names):
    """The place at the end of a way of names through the tree."""
    found = browser.find_element(By.CSS_SELECTOR, ".tree > .place")
    for name in names:
        inner = found.find_elements(By.XPATH, "./ul/li")
        found = next(one for one in inner if name_of(one) == name)
    return found


def name_of(one):
    return one.find_element(By.CSS_SELECTOR, ".name").text.removesuffix(" each")


def summary(one):
    return one.find_element(By.XPATH, "./details/summary")


def names(browser, selector=".place"):
    return [name_of(one) for one in browser.find_elements(By.CSS_SELECTOR, selector) if one.is_displayed()]


def open_place(browser, *way):
    """Open a place and return its violations, each by its name."""
    found = place(browser, *way)
    summary(found).click()
    labels = wait_for(browser, lambda: found.find_elements(By.XPATH, "./details/div/*[contains(@class, 'label')]"))
    return {name_of(label): label for label in labels}


def open_label(browser, label):
    """Open a violation and return what is told of it."""
    label.find_element(By.CSS_SELECTOR, "summary").click()
    return wait_for(browser, lambda: label.find_elements(By.CSS_SELECTOR, ".finding"))[0]


def choose(browser, name, value):
    Select(browser.find_element(By.NAME, name)).select_by_value(value)


def emulate(browser, **features):
    media = features.pop("media", "")
    listed = [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": media, "features": listed})


def picture(browser):
    return Image.open(io.BytesIO(browser.get_screenshot_as_png())).convert("RGB")


# --- looking --------------------------------------------------------------------------------------------------------------------


def test_the_answer_stands_at_the_top(opened, reported):
    browser = opened(reported("careless"))
    heading = browser.find_element(By.TAG_NAME, "h1")
    assert heading.text == "reported_consumers:careless does not honour orders"
    assert heading.location["y"] < 100
    assert browser.title == "reported_consumers:careless does not honour orders."


def test_the_contract_is_drawn_as_a_tree_that_says_in_words_and_colours_what_the_consumer_did(opened, reported):
    browser = opened(reported("careless"))
    drawn = {}
    for way in [(), ("state",), ("lines",), ("lines", "*"), ("lines", "*", "sku"), ("lines", "*", "count")]:
        row = summary(place(browser, *way))
        symbol = row.find_element(By.CSS_SELECTOR, ".symbol")
        drawn["/".join(way)] = (
            symbol.text,
            symbol.get_attribute("class"),
            row.find_element(By.CSS_SELECTOR, ".words").text,
        )
    assert drawn["state"][:2] == ("→", "symbol through")
    assert drawn["lines/*/sku"][:2] == ("✕", "symbol bad")
    assert drawn[""][2] == f"all {labels_at('')} crashed"
    assert drawn["lines/*/count"][2] == f"all {labels_at('/lines/*/count')} let through"


def test_a_place_where_all_is_rejected_is_told_from_one_that_was_not_reached(opened, reported):
    browser = opened(reported("honest"))
    assert summary(place(browser, "state")).find_element(By.CSS_SELECTOR, ".symbol").text == "✓"
    run = Run(reported_consumers.honest, reported_consumers.orders_contract, feed="bytes", examples=0, only="/lines:*")
    run.feed_all()
    browser = opened(run.report())
    row = summary(place(browser, "state"))
    assert row.find_element(By.CSS_SELECTOR, ".symbol").text == "○"
    assert row.find_element(By.CSS_SELECTOR, ".words").text == f"none of {labels_at('/state')} reached"


def test_the_picture_has_the_colours_that_the_tree_speaks_of(opened, reported):
    browser = opened(reported("careless"))
    shown = picture(browser)
    fills = browser.execute_script(SCRIPTS_COLOURS, ["bad-fill", "through-fill", "paper"])
    scale = shown.width / browser.execute_script("return innerWidth")
    assert shown.getpixel((2, 2)) == tuple(fills["paper"])
    for way, colour in {(): "bad-fill", ("lines", "*", "count"): "through-fill"}.items():
        box = summary(place(browser, *way)).find_element(By.CSS_SELECTOR, ".strip").rect
        middle = (box["x"] + box["width"] / 2) * scale, (box["y"] + box["height"] / 2) * scale
        assert shown.getpixel(tuple(map(int, middle))) == tuple(fills[colour])


# --- opening --------------------------------------------------------------------------------------------------------------------


def test_a_click_opens_the_violations_of_a_place(opened, reported):
    browser = opened(reported("careless"))
    labels = open_place(browser, "state")
    assert list(labels)[:2] == ["required.missing", "type.null"]
    assert labels["type.null"].find_element(By.CSS_SELECTOR, ".outcome").text == "let through"


def test_a_violation_tells_payload_exception_and_reproduction(opened, reported):
    browser = opened(reported("careless"))
    told = open_label(browser, open_place(browser, "lines", "*", "sku")["type.null"])
    finding = next(one for one in reported("careless").findings if one.case.label == "/lines/*/sku:type.null")
    assert json.loads(told.find_element(By.CSS_SELECTOR, ".payload").text) == finding.case.payload
    assert told.find_element(By.TAG_NAME, "mark").text == "null"
    assert "crashed with AttributeError: 'NoneType' object has no attribute 'upper'" in told.text
    assert told.find_element(By.CSS_SELECTOR, ".reproduction").text == finding.reproduction
    told.find_element(By.TAG_NAME, "summary").click()
    assert 'return [line["sku"].upper()' in told.text


def test_a_malformed_body_is_shown_beside_the_tree(opened, reported):
    browser = opened(reported("careless"))
    bodies = next(
        one for one in browser.find_elements(By.CSS_SELECTOR, ".tree > .place") if "malformed" in name_of(one)
    )
    summary(bodies).click()
    labels = wait_for(browser, lambda: bodies.find_elements(By.CSS_SELECTOR, ".label"))
    nested = next(one for one in labels if name_of(one) == "deep-nesting")
    assert "RecursionError" in open_label(browser, nested).text


def test_the_line_that_reproduces_can_be_taken_along(opened, reported):
    browser = opened(reported("careless"))
    told = open_label(browser, open_place(browser, "state")["type.null"])
    button = told.find_element(By.CSS_SELECTOR, ".copy")
    button.click()
    wait_for(browser, lambda: button.text in ("Copied", "Selected"))
    if button.text == "Selected":
        taken = browser.execute_script("return getSelection().toString()")
        assert taken == told.find_element(By.CSS_SELECTOR, ".reproduction").text


def test_the_keyboard_alone_opens_what_is_to_be_seen(opened, reported):
    browser = opened(reported("careless"))
    first = summary(place(browser))
    keyboard = browser.switch_to
    for _ in range(60):
        keyboard.active_element.send_keys(Keys.TAB)
        if keyboard.active_element == first:
            break
    assert keyboard.active_element == first
    assert browser.execute_script("return getComputedStyle(arguments[0]).outlineStyle", first) == "solid"
    first.send_keys(Keys.ENTER)
    label = wait_for(browser, lambda: place(browser).find_elements(By.CSS_SELECTOR, ".label summary"))[0]
    first.send_keys(Keys.TAB)
    assert keyboard.active_element == label
    label.send_keys(Keys.SPACE)
    wait_for(browser, lambda: browser.find_elements(By.CSS_SELECTOR, ".finding"))


def test_all_places_open_and_close_at_once(opened, reported):
    browser = opened(reported("careless"))
    browser.find_element(By.CSS_SELECTOR, "[data-open]").click()
    total = sum(map(len, reported("careless").labels.values()))
    wait_for(browser, lambda: len(browser.find_elements(By.CSS_SELECTOR, ".label")) >= total)
    browser.find_element(By.CSS_SELECTOR, "[data-close]").click()
    assert not browser.find_elements(By.CSS_SELECTOR, ".place > details[open]")


# --- filtering ------------------------------------------------------------------------------------------------------------------


def test_the_filter_of_keywords_leaves_only_what_breaks_one(opened, reported):
    browser = opened(reported("careless"))
    choose(browser, "keyword", "minimum")
    assert names(browser) == ["the whole payload", "lines", "*", "count"]
    assert (
        browser.find_element(By.TAG_NAME, "output").text == f"2 of {all_labels(reported('careless'))} labels at 1 place"
    )
    assert list(open_place(browser, "lines", "*", "count")) == ["minimum.beyond", "minimum.far"]


def test_the_filter_of_verdicts_leaves_only_what_met_one(opened, reported):
    browser = opened(reported("careless"))
    choose(browser, "standing", "crashed")
    assert "state" not in names(browser)
    outcomes = [one.find_element(By.CSS_SELECTOR, ".outcome").text for one in open_place(browser, "lines").values()]
    assert outcomes
    assert all("crashed" in outcome for outcome in outcomes)


def test_the_filter_of_kinds_leaves_only_one(opened, reported):
    browser = opened(reported("careless"))
    choose(browser, "kind", "malformed")
    assert names(browser) == ["malformed (are no JSON that all read alike)"]


def test_a_place_that_is_open_follows_the_filter(opened, reported):
    browser = opened(reported("careless"))
    labels = open_place(browser, "state")
    choose(browser, "keyword", "required")
    left = place(browser, "state").find_elements(By.CSS_SELECTOR, ".label")
    assert [name_of(label) for label in left] == ["required.missing"]
    assert len(labels) > 1


def test_the_search_finds_words_of_a_finding(opened, reported):
    browser = opened(reported("careless"))
    browser.find_element(By.NAME, "text").send_keys("nonetype' object has no attribute")
    assert names(browser) == ["the whole payload", "lines", "*", "sku"]


def test_a_cause_shows_the_labels_that_it_accounts_for(opened, reported):
    browser = opened(reported("careless"))
    cause = next(one for one in browser.find_elements(By.CSS_SELECTOR, "[data-cause]") if "AttributeError" in one.text)
    number = cause.find_element(By.CSS_SELECTOR, ".many").text.split()[0]
    cause.click()
    output = browser.find_element(By.TAG_NAME, "output").text
    assert output.startswith(
        f"{number} of {all_labels(reported('careless'))} labels at 1 place: AttributeError at reported_consumers.py"
    )


def test_clearing_the_filters_shows_all_again(opened, reported):
    browser = opened(reported("careless"))
    before = names(browser)
    choose(browser, "keyword", "minimum")
    browser.find_element(By.CSS_SELECTOR, "[type=reset]").click()
    wait_for(browser, lambda: names(browser) == before)
    assert browser.find_element(By.TAG_NAME, "output").text == ""


# --- comparing ------------------------------------------------------------------------------------------------------------------


@pytest.fixture(params=["json", "html"])
def compared(request, reported, tmp_path):
    """A page of the mended consumer beside the careless one, whose report is read from a file."""
    file = tmp_path / f"earlier.{request.param}"
    file.write_text(render(reported("careless"), request.param), encoding="utf-8")
    return reports_as_html([reported("mended")], read_comparisons(str(file)))


def test_beside_another_report_the_page_says_what_changed(opened, compared):
    browser = opened(compared)
    assert (
        "Beside it: reported_consumers:careless, from earlier." in browser.find_element(By.CSS_SELECTOR, ".answer").text
    )
    assert summary(place(browser)).find_element(By.CSS_SELECTOR, ".changed").text == f"{labels_at('')} better"
    assert not summary(place(browser, "state")).find_elements(By.CSS_SELECTOR, ".changed")
    assert open_place(browser)["type.null"].find_element(By.CSS_SELECTOR, ".was").text == "beside: crashed"


def test_what_changed_can_be_filtered(opened, compared):
    browser = opened(compared)
    choose(browser, "change", "better")
    assert names(browser)[:2] == ["the whole payload", "lines"]
    assert "state" not in names(browser)


# --- several --------------------------------------------------------------------------------------------------------------------


def test_a_page_of_several_reports_leads_to_each_and_keeps_their_filters_apart(opened, reported):
    browser = opened([reported("careless"), reported("honest")])
    assert browser.find_element(By.TAG_NAME, "h1").text == "1 of 2 consumers do not honour their contracts"
    first, second = browser.find_elements(By.CSS_SELECTOR, ".report")
    Select(second.find_element(By.NAME, "keyword")).select_by_value("minimum")
    assert len([one for one in first.find_elements(By.CSS_SELECTOR, ".place") if one.is_displayed()]) > 4
    assert len([one for one in second.find_elements(By.CSS_SELECTOR, ".place") if one.is_displayed()]) == 4


# --- hostile text ---------------------------------------------------------------------------------------------------------------


def test_nothing_in_payloads_names_or_messages_runs_or_breaks_the_page(opened, reported):
    browser = opened(reported("echoing"))
    browser.find_element(By.CSS_SELECTOR, "[data-open]").click()
    total = sum(map(len, reported("echoing").labels.values()))
    wait_for(browser, lambda: len(browser.find_elements(By.CSS_SELECTOR, ".label")) >= total)
    browser.execute_script("for (const one of document.querySelectorAll('details.label')) one.open = true")
    wait_for(browser, lambda: len(browser.find_elements(By.CSS_SELECTOR, ".finding")) >= total)
    assert browser.execute_script("return window.ran") is None
    assert len(browser.find_elements(By.TAG_NAME, "script")) == 2
    assert not browser.find_elements(By.CSS_SELECTOR, "img, [onclick], [onfocus], [onerror], [autofocus]")
    assert browser.get_log("browser") == []
    assert len(names(browser, ".tree:first-of-type > .place > ul > .place")) == len(reported_consumers.NASTY_NAMES)


def test_characters_that_cannot_be_seen_or_turn_the_text_are_written_out(opened, reported):
    browser = opened(reported("echoing"))
    browser.find_element(By.CSS_SELECTOR, "[data-open]").click()
    wait_for(browser, lambda: browser.find_elements(By.CSS_SELECTOR, ".label"))
    browser.execute_script("for (const one of document.querySelectorAll('details.label')) one.open = true")
    wait_for(browser, lambda: browser.find_elements(By.CSS_SELECTOR, ".finding"))
    told = browser.execute_script(
        "return [...document.querySelectorAll('.name, .what, .said, dd')].map((one) => one.textContent)"
    )
    assert r'"\u202eesrever"' in told
    assert r'"\u0000\u001b[31m"' in told
    assert {character for text in told for character in text if not character.isprintable()} <= {"\n"}


def test_the_page_asks_nobody_for_anything(opened, reported):
    browser = opened(reported("echoing"))
    browser.find_element(By.CSS_SELECTOR, "[data-open]").click()
    sent = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    asked = [one["params"]["request"]["url"] for one in sent if one["method"] == "Network.requestWillBeSent"]
    assert [urlsplit(url).scheme for url in asked] == ["file"]


@pytest.mark.parametrize(
    "attempt",
    [
        "const one = document.createElement('script'); one.append('window.ran = 1'); document.head.append(one)",
        "const one = document.createElement('script'); one.src = 'other.js'; document.head.append(one)",
        "document.body.setAttribute('onclick', 'window.ran = 1'); document.body.click()",
        "document.body.innerHTML = '<img src=x onerror=\"window.ran = 1\">'",
        "new Image().src = 'other.png'",
        "fetch('other.json').catch(() => {})",
        "document.body.setAttribute('style', 'color: red')",
        "const one = document.createElement('iframe'); one.src = 'other.html'; document.body.append(one)",
        "document.body.append(document.createElement('form')); document.forms[1].submit()",
    ],
)
def test_the_policy_of_the_page_refuses_whatever_might_slip_in(opened, reported, attempt):
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


# --- every eye, screen and amount -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_colour_of_text_can_be_read_by_day_and_by_night(opened, reported, scheme):
    browser = opened(reported("careless"))
    emulate(browser, prefers_color_scheme=scheme)
    inks = ["ink", "soft", "bad", "through", "missed", "tolerated", "fine"]
    colours = browser.execute_script(SCRIPTS_COLOURS, [*inks, "paper", "card", "hover", "code"])
    for ink in inks:
        for ground in ("paper", "card", "hover"):
            assert contrast(colours[ink], colours[ground]) >= 4.5, f"{ink} on {ground} (WCAG 2.2, 1.4.3)"
    assert contrast(colours["ink"], colours["code"]) >= 7


def contrast(one, other):
    """The contrast ratio of two colours (WCAG 2.2)."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour):
    linear = [c / 3294.6 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_the_page_is_dark_where_people_want_it_so(opened, reported):
    browser = opened(reported("careless"))
    emulate(browser, prefers_color_scheme="light")
    light = picture(browser).getpixel((2, 2))
    emulate(browser, prefers_color_scheme="dark")
    dark = picture(browser).getpixel((2, 2))
    assert min(light) > 220
    assert max(dark) < 50


def test_on_paper_there_is_nothing_to_press_and_all_that_was_open(opened, reported):
    browser = opened(reported("careless"))
    open_label(browser, open_place(browser, "state")["type.null"])
    emulate(browser, media="print", prefers_color_scheme="dark")
    assert not browser.find_element(By.CSS_SELECTOR, ".filters").is_displayed()
    assert browser.find_element(By.CSS_SELECTOR, ".payload").is_displayed()
    assert browser.execute_script("return getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


@pytest.mark.parametrize("consumer", ["careless", "echoing"])
def test_a_narrow_screen_needs_no_sideways_scrolling(opened, reported, consumer):
    browser = opened(reported(consumer))
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": 380, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    )
    browser.find_element(By.CSS_SELECTOR, "[data-open]").click()
    wait_for(browser, lambda: browser.find_elements(By.CSS_SELECTOR, ".label"))
    browser.execute_script("for (const one of document.querySelectorAll('details.label')) one.open = true")
    wait_for(browser, lambda: browser.find_elements(By.CSS_SELECTOR, ".finding"))
    assert browser.execute_script("return document.documentElement.scrollWidth") <= 380


def test_five_thousand_cases_are_not_drawn_before_they_are_asked_for(opened, reported):
    found = [one for one in reported("careless").findings if one.kind == "invalid"]
    findings = []
    for number in range(5_000):
        one = found[number % len(found)]
        label = f"/part{number // 50}/field{number // 10}:type.variant{number % 10}"
        findings.append(replace(one, case=replace(one.case, label=label)))
    labels = {"invalid": {one.case.label: Verdict(one.verdict) for one in findings}}
    browser = opened(
        replace(reported("careless"), labels=labels, findings=findings, counts={"invalid": {"crashed": 5_000}})
    )
    assert len(browser.find_elements(By.CSS_SELECTOR, "*")) < 10 * len(browser.find_elements(By.CSS_SELECTOR, ".place"))
    choose(browser, "keyword", "type")
    assert browser.find_element(By.TAG_NAME, "output").text == "5,000 of 5,000 labels at 500 places"
