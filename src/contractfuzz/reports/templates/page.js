// Shows the violations of a place when it is opened, and hides what the filters leave out.
// All that comes from a report is text: nodes are made by `make`, which knows no markup.
"use strict";

const SYMBOLS = { bad: "✕", through: "→", missed: "○", tolerated: "≈", fine: "✓" };
const TONES = {
  died: "bad", hung: "bad", crashed: "bad", refused: "bad", "let through": "through",
  "not reached": "missed", tolerated: "tolerated", rejected: "fine", accepted: "fine",
};

function make(tag, name, ...children) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  element.append(...children.filter((child) => child !== null && child !== ""));
  return element;
}

// What cannot be seen, or turns the direction of what follows, is written as JSON escapes it.
function visible(text) {
  return text.replace(/[\p{C}\p{Z}]/gu, (found) => (found === "\n" || found === " " ? found :
    Array.from({ length: found.length }, (_, at) => "\\u" + found.charCodeAt(at).toString(16).padStart(4, "0")).join("")));
}

function symbol(standing) {
  const made = make("span", "symbol " + TONES[standing], SYMBOLS[TONES[standing]]);
  made.setAttribute("aria-hidden", "true");
  return made;
}

class Report {
  constructor(article) {
    this.article = article;
    this.form = article.querySelector(".filters");
    this.output = article.querySelector("output");
    this.places = [...article.querySelectorAll(".place")];
    this.cause = null;
    this.matches = null;
    article.addEventListener("toggle", (event) => this.toggled(event.target), true);
    article.addEventListener("click", (event) => this.clicked(event.target.closest("button")));
    this.form.addEventListener("submit", (event) => event.preventDefault());
    for (const event of ["input", "change"]) this.form.addEventListener(event, () => this.filter());
    this.form.addEventListener("reset", () => { this.cause = null; setTimeout(() => this.filter()); });
    // A page that is shown again keeps what its fields held.
    if (this.isFiltered()) this.filter();
  }

  // Reading the data takes a while where it is large, so it is read when it is first needed.
  get data() {
    const island = this.article.querySelector("script.contract-report");
    const data = JSON.parse(island.textContent);
    Object.defineProperty(this, "data", { value: data });
    return data;
  }

  toggled(element) {
    if (!element.open) return;
    if (element.parentElement.classList.contains("place")) this.fill(element);
    else if (element.classList.contains("label") && element.childElementCount === 1) this.tell(element);
  }

  clicked(button) {
    if (!button) return;
    if ("cause" in button.dataset) this.show({ cause: Number(button.dataset.cause) });
    else if ("keyword" in button.dataset) this.show({ keyword: button.dataset.keyword, standing: "let through" });
    else if ("open" in button.dataset) this.fold(true);
    else if ("close" in button.dataset) this.fold(false);
    else if (button.classList.contains("copy")) copy(button);
  }

  // --- filters

  show(chosen) {
    for (const field of this.form.elements) if (field.name) field.value = chosen[field.name] ?? "";
    this.cause = chosen.cause ?? null;
    this.filter();
    this.form.scrollIntoView();
  }

  value(name) {
    return this.form.elements[name]?.value ?? "";
  }

  isFiltered() {
    return this.cause !== null || ["kind", "keyword", "standing", "change", "text"].some((name) => this.value(name) !== "");
  }

  filter() {
    this.matches = this.isFiltered() ? this.matching() : null;
    // From the last to the first: what lies beneath a place comes before it.
    const shown = new Set();
    let places = 0;
    for (const place of [...this.places].reverse()) {
      const own = this.labels(place).length > 0;
      const beneath = shown.has(place);
      place.hidden = !(own || beneath) && this.matches !== null;
      place.classList.toggle("way", this.matches !== null && !own && beneath);
      if (own) places += 1;
      if (!place.hidden) shown.add(place.parentElement.closest(".place"));
      const details = place.firstElementChild;
      if (details.open) this.fill(details);
    }
    this.output.textContent = this.matches === null ? "" : this.count(places);
  }

  count(places) {
    const total = this.data.labels.length;
    const words = `${this.matches.size.toLocaleString("en")} of ${total.toLocaleString("en")} labels at ${places.toLocaleString("en")} ${places === 1 ? "place" : "places"}`;
    return this.cause === null ? words : `${words}: ${visible(this.data.causes[this.cause])}`;
  }

  matching() {
    const text = this.value("text").toLowerCase();
    const [kind, keyword, standing, change] = ["kind", "keyword", "standing", "change"].map((name) => this.value(name));
    const { labels, findings, causes } = this.data;
    const found = new Set();
    labels.forEach((label, number) => {
      const shown = label.findings.map((each) => findings[each]);
      if (kind && label.kind !== kind) return;
      if (keyword && label.keyword !== keyword) return;
      if (standing && !label.now.includes(standing)) return;
      if (change && label.change !== change) return;
      if (this.cause !== null && !shown.some((finding) => finding.cause === this.cause)) return;
      if (text && ![label.label, ...shown.flatMap((finding) => [finding.description, causes[finding.cause], finding.got])]
        .some((words) => words.toLowerCase().includes(text))) return;
      found.add(number);
    });
    return found;
  }

  labels(place) {
    const numbers = this.data.rows[place.dataset.row];
    return this.matches === null ? numbers : numbers.filter((number) => this.matches.has(number));
  }

  fold(open) {
    for (const place of this.places) {
      const details = place.firstElementChild;
      if (details.tagName === "DETAILS" && (!open || (!place.hidden && !place.classList.contains("way")))) details.open = open;
    }
  }

  // --- what is shown when it is asked for

  fill(details) {
    const box = details.querySelector(".labels");
    const numbers = this.labels(details.parentElement);
    const key = numbers.join();
    if (box.dataset.shown === key) return;
    box.dataset.shown = key;
    box.replaceChildren(...numbers.flatMap((number) => this.label(number)));
  }

  label(number) {
    const label = this.data.labels[number];
    const found = label.findings.map((each) => this.data.findings[each]);
    if (label.label === "" && found.length) {
      return found.map((finding, at) => this.entry(this.data.causes[finding.cause], "", [finding.standing], label, [label.findings[at]]));
    }
    const at = label.label.lastIndexOf(":");
    const name = label.kind === "invalid" ? label.label.slice(at + 1) : label.label || `${label.kind} payloads`;
    return [this.entry(name, found.length ? found[0].description : "", label.now, label, label.findings)];
  }

  entry(name, said, standings, label, findings) {
    const parts = [
      symbol(standings[0]),
      make("span", "name", visible(name)),
      make("span", "said", visible(said)),
      make("span", "outcome " + TONES[standings[0]], standings.join(", ")),
      label.change && label.change !== "same" ? make("span", "was", `beside: ${label.was.join(", ") || "not there"}`) : "",
    ];
    if (!findings.length) return make("div", "label plain", ...parts);
    const made = make("details", "label", make("summary", "", make("span", "chevron"), ...parts));
    made.dataset.findings = findings.join();
    return made;
  }

  tell(details) {
    details.append(...details.dataset.findings.split(",").map((number) => this.finding(this.data.findings[number])));
  }

  finding(finding) {
    const [before, fault, after] = finding.payload.map(visible);
    const rows = [
      ["expected", finding.expected],
      ["got", visible(finding.got)],
      ["at", finding.pointer === null ? null : make("code", "", visible(finding.pointer) || "the whole payload")],
      ["smallest", make("pre", "payload", before, fault && make("mark", "", fault), after)],
      ["reproduce", [make("pre", "reproduction", visible(finding.reproduction)), button("copy", "Copy")]],
      ["traceback", finding.traceback < 0 ? null : make("details", "", make("summary", "", "where it was raised"),
        make("pre", "", visible(this.data.tracebacks[finding.traceback])))],
      ["seen in", finding.seen === 1 ? null : `${finding.seen.toLocaleString("en")} cases`],
    ];
    const list = make("dl", "");
    for (const [name, value] of rows) {
      if (value !== null) list.append(make("dt", "", name), make("dd", "", ...[value].flat()));
    }
    return make("div", "finding", list);
  }
}

function button(name, words) {
  const made = make("button", name, words);
  made.type = "button";
  return made;
}

async function copy(pressed) {
  const shown = pressed.previousElementSibling;
  try {
    await navigator.clipboard.writeText(shown.textContent);
    pressed.textContent = "Copied";
  } catch {
    // Not every browser lets a local page write there: then it is selected, ready to be copied.
    getSelection().selectAllChildren(shown);
    pressed.textContent = "Selected";
  }
}

for (const article of document.querySelectorAll(".report")) new Report(article);
