// Shows the labels of a row when a reader opens it, and hides the rows that the filters leave out.
// Everything from a report is text: `make` creates elements and text nodes, and never parses markup.
"use strict";

function make(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children.filter((child) => child !== null && child !== ""));
  return element;
}

// Write characters that are invisible, or change the direction of the text after them, as JSON escapes.
function printable(text) {
  return text.replace(/[\p{C}\p{Z}]/gu, (character) => (character === "\n" || character === " " ? character :
    Array.from({ length: character.length }, (_, index) => "\\u" + character.charCodeAt(index).toString(16).padStart(4, "0")).join("")));
}

// Long names may be broken after underscores.
function breakable(text) {
  return text.split(/(?<=_)(?=[^_])/).flatMap((part, index) => (index ? [document.createElement("wbr"), part] : [part]));
}

function count(number, noun) {
  return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
}

class Report {
  constructor(article) {
    this.article = article;
    this.form = article.querySelector(".filters");
    this.output = article.querySelector("output");
    this.rows = [...article.querySelectorAll(".row")];
    this.cause = null;
    this.matches = null;
    article.addEventListener("toggle", (event) => this.onToggle(event.target), true);
    article.addEventListener("click", (event) => this.onClick(event.target.closest("button")));
    this.form.addEventListener("submit", (event) => event.preventDefault());
    for (const type of ["input", "change"]) this.form.addEventListener(type, () => this.applyFilters());
    this.form.addEventListener("reset", () => { this.cause = null; setTimeout(() => this.applyFilters()); });
    // A browser that goes back to the page restores its fields.
    if (this.isFiltered()) this.applyFilters();
  }

  // Parsing a large report takes a while, so it waits until the data is needed.
  get data() {
    const data = JSON.parse(this.article.querySelector("script.contract-report").textContent);
    Object.defineProperty(this, "data", { value: data });
    return data;
  }

  onToggle(element) {
    if (!element.open) return;
    if (element.parentElement.classList.contains("row")) this.showLabels(element);
    else if (element.classList.contains("cause") && element.childElementCount === 1) this.showCause(element);
    else if (element.classList.contains("label") && element.childElementCount === 1) this.showFindings(element);
  }

  onClick(button) {
    if (!button) return;
    if ("cause" in button.dataset) this.setFilters({ cause: Number(button.dataset.cause) });
    else if ("keyword" in button.dataset) this.setFilters({ keyword: button.dataset.keyword, outcome: "accepted without effect" });
    else if ("open" in button.dataset) this.openAll(true);
    else if ("close" in button.dataset) this.openAll(false);
    else if (button.classList.contains("copy")) copyBefore(button);
  }

  // --- filters

  setFilters(values) {
    for (const field of this.form.elements) if (field.name) field.value = values[field.name] ?? "";
    this.cause = values.cause ?? null;
    this.applyFilters();
    this.form.scrollIntoView();
  }

  filterValue(name) {
    return this.form.elements[name]?.value ?? "";
  }

  isFiltered() {
    return this.cause !== null || ["kind", "keyword", "outcome", "change", "text"].some((name) => this.filterValue(name) !== "");
  }

  applyFilters() {
    this.matches = this.isFiltered() ? this.findMatches() : null;
    // Go through the rows backwards: children come before their parent.
    const parentsOfVisible = new Set();
    let locations = 0;
    for (const row of [...this.rows].reverse()) {
      const hasMatch = this.matchingLabels(row).length > 0;
      const hasVisibleChild = parentsOfVisible.has(row);
      row.hidden = !(hasMatch || hasVisibleChild) && this.matches !== null;
      row.classList.toggle("ancestor", this.matches !== null && !hasMatch && hasVisibleChild);
      if (hasMatch && row.classList.contains("location")) locations += 1;
      if (!row.hidden) parentsOfVisible.add(row.parentElement.closest(".row"));
      const details = row.firstElementChild;
      if (details.open) this.showLabels(details);
    }
    this.recount();
    this.output.textContent = this.matches === null ? "" : this.describeMatches(locations);
  }

  describeMatches(locations) {
    const parts = [`${this.matches.size.toLocaleString("en")} of ${count(this.data.labels.length, "label")}`];
    if (locations) parts.push(` at ${count(locations, "location")}`);
    if (this.cause !== null) parts.push(`: ${printable(this.data.causes[this.cause])}`);
    return parts.join("");
  }

  // Each option shows the number of labels that it would leave along with the other filters.
  recount() {
    for (const select of this.form.querySelectorAll("select")) {
      const counts = {};
      for (const number of this.findMatches(select.name)) {
        for (const value of this.valuesOf(this.data.labels[number], select.name)) counts[value] = (counts[value] ?? 0) + 1;
      }
      for (const option of select.options) {
        if (option.value) option.textContent = `${option.dataset.text} (${(counts[option.value] ?? 0).toLocaleString("en")})`;
      }
    }
  }

  valuesOf(label, name) {
    return name === "outcome" ? label.outcomes : [label[name]];
  }

  findMatches(ignored = "") {
    const text = this.filterValue("text").toLowerCase();
    const [kind, keyword, outcome, change] = ["kind", "keyword", "outcome", "change"].map((name) => (name === ignored ? "" : this.filterValue(name)));
    const matches = new Set();
    this.data.labels.forEach((label, number) => {
      if (kind && label.kind !== kind) return;
      if (keyword && label.keyword !== keyword) return;
      if (outcome && !label.outcomes.includes(outcome)) return;
      if (change && label.change !== change) return;
      const findings = label.findings.map((index) => this.data.findings[index]);
      if (this.cause !== null && !findings.some((finding) => finding.cause === this.cause)) return;
      if (text && !this.searchedTexts(label, findings).some((searched) => searched.toLowerCase().includes(text))) return;
      matches.add(number);
    });
    return matches;
  }

  searchedTexts(label, findings) {
    return [label.label, ...findings.flatMap((finding) => [finding.description, this.data.causes[finding.cause], finding.verdict])];
  }

  matchingLabels(row) {
    const numbers = this.data.rows[row.dataset.row];
    return this.matches === null ? numbers : numbers.filter((number) => this.matches.has(number));
  }

  openAll(open) {
    for (const row of this.rows) {
      const details = row.firstElementChild;
      if (details.tagName !== "DETAILS") continue;
      if (!open || (!row.hidden && !row.classList.contains("ancestor"))) details.open = open;
    }
  }

  // --- labels and findings, created when a reader opens them

  showLabels(details) {
    const list = details.querySelector(".labels");
    const numbers = this.matchingLabels(details.parentElement);
    const key = numbers.join();
    if (list.dataset.labels === key) return;
    list.dataset.labels = key;
    list.replaceChildren(...numbers.flatMap((number) => this.labelElements(number)));
  }

  labelElements(number) {
    const label = this.data.labels[number];
    const findings = label.findings.map((index) => this.data.findings[index]);
    if (label.label === "" && findings.length) {
      // A kind without labels has an entry for each finding.
      return findings.map((finding, index) => this.labelElement(this.data.causes[finding.cause], "", [finding.outcome], label, [label.findings[index]]));
    }
    const variant = label.label.slice(label.label.lastIndexOf(":") + 1);
    const name = label.kind === "invalid" ? variant : label.label || `${label.kind} payloads`;
    return [this.labelElement(name, findings.length ? findings[0].description : "", label.outcomes, label, label.findings)];
  }

  labelElement(name, description, outcomes, label, findings) {
    const tone = this.data.tones[outcomes[0]];
    const symbol = make("span", `symbol ${tone}`, this.data.symbols[tone]);
    symbol.setAttribute("aria-hidden", "true");
    const parts = [
      symbol,
      make("span", "name", ...breakable(printable(name))),
      make("span", "description", printable(description)),
      make("span", `outcome ${tone}`, outcomes.join(", ")),
      label.change && label.change !== "unchanged" ? make("span", "compared", `other report: ${label.compared.join(", ") || "absent"}`) : "",
    ];
    if (!findings.length) return make("div", "label plain", ...parts);
    const element = make("details", "label", make("summary", "", make("span", "chevron"), ...parts));
    element.dataset.findings = findings.join();
    return element;
  }

  showCause(details) {
    const finding = this.data.findings[this.data.smallest[details.dataset.number]];
    const labels = button("show-labels", "Show its labels in the contract");
    labels.dataset.cause = details.dataset.number;
    const element = this.findingElement(finding, true);
    element.append(labels);
    details.append(element);
  }

  showFindings(details) {
    details.append(...details.dataset.findings.split(",").map((number) => this.findingElement(this.data.findings[number])));
  }

  findingElement(finding, isOpen = false) {
    const [before, fault, after] = finding.payload.map(printable);
    const rows = [
      ["expected", finding.expected],
      ["verdict", printable(finding.verdict)],
      ["effect", finding.effect],
      ["shown by", finding.revealed === null ? null : printable(finding.revealed)],
      ["fault at", finding.pointer === null ? null : make("code", "", printable(finding.pointer) || "the whole payload")],
      ...finding.exchange.map(([name, text]) => [name, make("code", "", printable(text))]),
      ["smallest", before + fault + after ? make("pre", "payload", before, fault && make("mark", "", fault), after) : null],
      ["reproduce", [make("pre", "reproduction", printable(finding.reproduction)), button("copy", "Copy")]],
      ["traceback", finding.traceback === null ? null : this.tracebackElement(finding, isOpen)],
      ["seen in", finding.cases === 1 ? null : count(finding.cases, "case")],
    ];
    const list = make("dl", "");
    for (const [name, value] of rows) {
      if (value !== null) list.append(make("dt", "", name), make("dd", "", ...[value].flat()));
    }
    return make("div", "finding", list);
  }

  tracebackElement(finding, isOpen) {
    const text = make("pre", "", printable(this.data.tracebacks[finding.traceback]));
    const element = make("details", "", make("summary", "", "show"), text);
    element.open = isOpen;
    return element;
  }
}

function button(className, text) {
  const element = make("button", className, text);
  element.type = "button";
  return element;
}

async function copyBefore(pressed) {
  const source = pressed.previousElementSibling;
  try {
    await navigator.clipboard.writeText(source.textContent);
    pressed.textContent = "Copied";
  } catch {
    // Some browsers deny the clipboard to local pages: select the text instead.
    getSelection().selectAllChildren(source);
    pressed.textContent = "Selected";
  }
}

for (const article of document.querySelectorAll(".report")) new Report(article);
