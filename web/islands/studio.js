/* The constructor's page where script runs: forms are sent without leaving the page, tables are grids
 * for the keyboard, formulas have an editor, the live pane follows. Everything that is shown comes
 * from the server; nothing here knows what a scheme is. */

const $ = (selector, from = document) => from.querySelector(selector);
const $$ = (selector, from = document) => [...from.querySelectorAll(selector)];
const root = () => $("#studio");
const NONCE = root().dataset.nonce; /* of the document: fragments bring others */
const isField = (element) => !!element?.closest("input, textarea, select, [contenteditable=true], .cm-editor");
const tell = (text, tint) => document.dispatchEvent(new CustomEvent("toast", { detail: { text, tint } }));

document.documentElement.classList.add("has-studio");

/* ---- sending changes: one after the other, each with the newest revision ---- */

let queue = Promise.resolve();

async function send(form, more = {}) {
  const data = new URLSearchParams(new FormData(form));
  for (const [name, value] of Object.entries(more)) data.set(name, value);
  const action = form.action;
  const task = queue.then(async () => {
    data.set("revision", root().dataset.revision);
    const answer = await fetch(action, { method: "POST", body: data, headers: { "HX-Request": "true" }, redirect: "follow", keepalive: true });
    const text = await answer.text();
    if (![200, 409, 422].includes(answer.status)) throw new Error(String(answer.status));
    show(text);
    return answer.status;
  });
  queue = task.catch(() => tell($("#k-toasts").dataset.failed, "bad"));
  return task;
}

/* A change that has no form of its own on the page: cells, rows, pasted blocks. */
function sendFields(fields, more) {
  const form = document.createElement("form");
  form.action = `${root().dataset.path}/edit`;
  const all = { _csrf: $('meta[name="csrf"]').content, part: $("[name=part]")?.value ?? "", ...fields };
  for (const [name, value] of Object.entries(all)) {
    const input = document.createElement("input");
    input.name = name;
    input.value = value;
    form.append(input);
  }
  return send(form, more);
}

/* ---- showing an answer: what is being typed in stays as it is ---- */

const keyOf = (element) => {
  if (!element || element === document.body) return null;
  if (element.dataset.at) return `[data-at="${element.dataset.at}"]`;
  if (element.id) return `#${CSS.escape(element.id)}`;
  if (element.dataset.step) return `[data-step="${element.dataset.step}"]`;
  if (element.name && element.form?.id) return `[form="${element.form.id}"][name="${element.name}"]`;
  return null;
};

let wanted = null; /* the cell that is to have the focus next */

function show(text) {
  const next = new DOMParser().parseFromString(text, "text/html").getElementById("studio");
  if (!next) return;
  const old = root();
  const focused = document.activeElement;
  const editing = editor?.state();
  const key = wanted ?? (old.contains(focused) ? keyOf(focused) : null);
  const opened = $$("details[open]", old).map((details) => details.dataset.open).filter(Boolean);
  const typed = focused?.matches?.("input[type=text], textarea") && focused.name ? { value: focused.value, from: focused.selectionStart, to: focused.selectionEnd } : null;
  const pane = $("[data-live]", old);
  $("[data-live]", next)?.remove();
  if (pane) $(".k-studio-body", next).append(pane);
  const kept = focused?.closest?.("[data-keep]");
  if (kept && old.contains(kept)) $(`[data-keep="${kept.dataset.keep}"]`, next)?.replaceWith(kept);
  else for (const gone of $$(".cm-editor", old)) gone.remove();
  for (const details of $$("details", next)) if (opened.includes(details.dataset.open)) details.open = true;
  old.replaceWith(next);
  wanted = null;
  begin();
  if (kept?.isConnected) return;
  const auto = firstField(next);
  const place = key && $(key, next);
  if (editing) openCell($(`[data-at="${editing.at}"]`, next), editing.value, editing.isDirty);
  else if (auto) auto.focus();
  else if (place) {
    place.focus();
    if (typed && place.matches("input[type=text], textarea") && place.value !== typed.value && document.activeElement === place) place.value = typed.value;
  }
  later(live, 250);
}

/* Where typing begins on a page that asks for something. */
const firstField = (from) => $("[autofocus], .k-studio-add input[type=text]", from);

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!root()?.contains(form)) return;
  if (form.matches("[data-live-form]")) {
    event.preventDefault();
    live();
    return;
  }
  if (form.method !== "post" || form.enctype === "multipart/form-data" || !form.action.endsWith("/edit")) return;
  event.preventDefault();
  event.stopPropagation();
  const what = form.elements.what?.value;
  if (what === "part-set" || what === "part-add" || what === "set") blurInto(form);
  if (what === "row-add") wanted = `[data-at="${$$("[data-grid] tbody tr").length},0"]`;
  if (what === "part-add") wanted = what;
  send(form).then((status) => {
    if (what === "part-add" && status === 200) afterAdd();
  });
}, true);

/* A form that is saved whole gives its focus back: what it shows is the new state. */
const blurInto = (form) => form.contains(document.activeElement) && document.activeElement.blur();

/* After a new decision: its first cell, or its formula. */
function afterAdd() {
  const part = $("#studio [name=part]")?.value;
  if (part) history.replaceState(null, "", `${root().dataset.path}?part=${encodeURIComponent(part)}`);
  const cell = $("[data-grid] td[data-at]");
  if (cell) cell.focus();
  else $(".cm-content, #formula")?.focus();
}

document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (!form || !root()?.contains(form)) return;
  if (form.matches("[data-live-form]")) live();
  else if (form.matches("[data-auto]") && event.target.type !== "hidden") send(form).catch(() => {});
});

/* ---- the grid ---- */

let editor = null; /* the open cell */
let anchor = null; /* of a selection: the cell where it began */

const placeOf = (cell) => cell.dataset.at.split(",").map(Number);
const cellAt = (row, column) => $(`[data-at="${row},${column}"]`);
const cells = () => $$("[data-grid] td[data-at]");
const size = () => {
  const all = cells();
  const last = all.length ? placeOf(all.at(-1)) : [-1, -1];
  return { rows: last[0] + 1, columns: last[1] + 1 };
};

function focusCell(cell, keepAnchor = false) {
  if (!cell) return;
  for (const other of cells()) other.tabIndex = -1;
  cell.tabIndex = 0;
  cell.focus();
  if (!keepAnchor) anchor = cell;
  mark(cell);
}

/* The rectangle between the anchor and the cell. */
function chosen(cell) {
  const [r1, c1] = placeOf(anchor?.isConnected ? anchor : cell);
  const [r2, c2] = placeOf(cell);
  const rows = [];
  for (let r = Math.min(r1, r2); r <= Math.max(r1, r2); r++) {
    const row = [];
    for (let c = Math.min(c1, c2); c <= Math.max(c1, c2); c++) row.push(cellAt(r, c));
    rows.push(row.filter(Boolean));
  }
  return rows;
}

function mark(cell) {
  const rows = chosen(cell);
  const all = new Set(rows.flat());
  for (const other of cells()) other.classList.toggle("is-chosen", all.size > 1 && all.has(other));
}

function openCell(cell, value, isDirty) {
  if (!cell || editor || !$('[data-grid][data-may-edit]')) return;
  const input = document.createElement("input");
  input.type = "text";
  input.className = "k-cell-input";
  input.autocomplete = "off";
  input.spellcheck = false;
  input.setAttribute("aria-label", cell.dataset.label);
  input.value = value ?? cell.dataset.text;
  const was = cell.dataset.text;
  cell.classList.add("is-editing");
  cell.append(input);
  const close = () => {
    editor = null;
    cell.classList.remove("is-editing");
    input.remove();
  };
  editor = {
    cell,
    state: () => ({ at: cell.dataset.at, value: input.value, isDirty: input.value !== was }),
    cancel: () => {
      close();
      focusCell(cell);
    },
    keep: () => {
      const text = input.value;
      close();
      if (text !== was) return setCell(cell, text);
      return Promise.resolve(200);
    },
  };
  input.addEventListener("blur", () => editor?.cell === cell && input.isConnected && editor.keep());
  input.focus();
  if (isDirty || value !== undefined) input.setSelectionRange(input.value.length, input.value.length);
  else input.select();
}

/* What was typed stays in the cell until the server has said what it makes of it. */
async function setCell(cell, text) {
  const [row, column] = placeOf(cell);
  cell.textContent = text;
  cell.dataset.text = text;
  const fields = cell.classList.contains("is-note") ? { what: "note-set", row } : { what: "cell-set", row, column };
  const status = await sendFields({ ...fields, text });
  if (status === 422) openCell(cellAt(row, column), text, true);
  return status;
}

async function nextCell(cell, step) {
  const [row, column] = placeOf(cell);
  const { rows, columns } = size();
  const place = row * columns + column + step;
  const isEnd = place >= rows * columns;
  const kept = editor.keep();
  if (isEnd) {
    await kept;
    wanted = `[data-at="${rows},0"]`;
    await sendFields({ what: "row-add" });
  } else if (place >= 0) focusCell(cellAt(Math.floor(place / columns), place % columns));
  else focusCell(cell);
}

function editKey(event) {
  const cell = editor.cell;
  const [row, column] = placeOf(cell);
  if (event.key === "Escape") editor.cancel();
  else if (event.key === "Enter") {
    editor.keep();
    focusCell(cellAt(row + 1, column) ?? cellAt(row, column));
  } else if (event.key === "Tab") nextCell(cell, event.shiftKey ? -1 : 1);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

function rowKey(event, row) {
  const { rows } = size();
  if (event.altKey && event.key === "ArrowUp" && row > 0) return moveRow(row, row - 1);
  if (event.altKey && event.key === "ArrowDown" && row + 1 < rows) return moveRow(row, row + 1);
  if (event.ctrlKey && event.key.toLowerCase() === "d") return rowChange("row-copy", row, row + 1, row + 1);
  if (event.ctrlKey && event.key === "Delete") return rowChange("row-remove", row, null, Math.max(0, Math.min(row, rows - 2)));
  if (event.ctrlKey && event.key === "Insert") return rowChange("row-add", row, row, row);
  return false;
}
const moveRow = (row, to) => rowChange("row-move", row, to, to);

function rowChange(what, row, to, focusRow) {
  const column = placeOf(document.activeElement)[1];
  wanted = `[data-at="${focusRow},${column}"]`;
  sendFields({ what, row, ...(to === null ? {} : { to }) });
  return true;
}

function clearCells(cell) {
  const rows = chosen(cell);
  const [row, column] = placeOf(rows[0][0]);
  const text = rows.map((line) => line.map((c) => (c.classList.contains("is-out") || c.classList.contains("is-note") ? "" : "-")).join("\t")).join("\n");
  if (rows.length === 1 && rows[0].length === 1) setCell(rows[0][0], text);
  else sendFields({ what: "paste", row, column, text });
}

function gridKey(event) {
  const cell = event.target.closest("td[data-at]");
  if (!cell) return;
  const [row, column] = placeOf(cell);
  const { rows, columns } = size();
  let to = null;
  if (rowKey(event, row)) return event.preventDefault();
  if (ARROWS[event.key] && !event.altKey) to = cellAt(row + ARROWS[event.key][0], column + ARROWS[event.key][1]);
  else if (event.key === "Home") to = cellAt(event.ctrlKey ? 0 : row, 0);
  else if (event.key === "End") to = cellAt(event.ctrlKey ? rows - 1 : row, columns - 1);
  else if (event.key === "Enter" || event.key === "F2") openCell(cell);
  else if (event.key === "Delete" || event.key === "Backspace") clearCells(cell);
  else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) openCell(cell, event.key, true);
  else return;
  event.preventDefault();
  if (to) focusCell(to, event.shiftKey);
}

const inGrid = () => !editor && document.activeElement?.closest?.("[data-grid] td[data-at]");

document.addEventListener("copy", (event) => {
  const cell = inGrid();
  if (!cell) return;
  event.preventDefault();
  event.clipboardData.setData("text/plain", chosen(cell).map((row) => row.map((c) => c.dataset.text).join("\t")).join("\n"));
});

document.addEventListener("paste", (event) => {
  const cell = inGrid();
  if (!cell) return;
  event.preventDefault();
  const [row, column] = placeOf(chosen(cell)[0][0]);
  const text = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n$/, "");
  sendFields({ what: "paste", row, column, text });
});

document.addEventListener("mousedown", (event) => {
  const cell = event.target.closest?.("[data-grid] td[data-at]");
  if (!cell || event.target.matches("input")) return;
  event.preventDefault();
  if (editor) editor.keep();
  focusCell(cell, event.shiftKey);
});
document.addEventListener("dblclick", (event) => openCell(event.target.closest?.("[data-grid] td[data-at]")));

/* ---- keys of the whole page ---- */

const ADDS = { KeyA: 0, KeyM: 1, KeyT: 2, KeyR: 3 };

document.addEventListener("keydown", (event) => {
  if (!root()) return;
  if (editor && event.target.matches(".k-cell-input")) return editKey(event);
  if (event.altKey && !event.ctrlKey && event.code in ADDS) {
    event.preventDefault();
    const links = $$(".k-tree-nav .k-tree-head a");
    return leave(links[ADDS[event.code]]?.href);
  }
  if (event.altKey && !event.ctrlKey && event.code === "KeyS") {
    event.preventDefault();
    return leave($("[data-save]")?.href);
  }
  if ((event.ctrlKey || event.metaKey) && ["KeyZ", "KeyY"].includes(event.code) && !isField(event.target)) {
    event.preventDefault();
    const what = event.code === "KeyY" || event.shiftKey ? "redo" : "undo";
    const button = $(`[data-step="${what}"]`);
    if (button && !button.disabled) send(button.form);
    return;
  }
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && event.target.form && root().contains(event.target.form)) {
    event.preventDefault();
    return event.target.form.requestSubmit();
  }
  if (event.target.closest?.("[data-grid]")) gridKey(event);
});

/* Leaving waits for what is still on its way. */
async function leave(href) {
  if (!href) return;
  flushFormula();
  await queue;
  location.assign(href);
}
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  if (!link || !root()?.contains(link) || link.hasAttribute("download") || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  leave(link.href instanceof SVGAnimatedString ? link.href.baseVal : link.href);
});

/* ---- formulas ---- */

const timers = new Map();
function later(call, ms) {
  clearTimeout(timers.get(call));
  timers.set(call, setTimeout(() => {
    timers.delete(call);
    call();
  }, ms));
}

let formula = null; /* {form, area, saved} */

function saveFormula() {
  if (!formula?.form.isConnected || formula.area.value === formula.saved) return;
  formula.saved = formula.area.value;
  send(formula.form).catch(() => {});
}
function flushFormula() {
  clearTimeout(timers.get(saveFormula));
  saveFormula();
}

async function beginFormula() {
  const form = $("[data-formula]");
  const area = $("[data-feel]", form ?? document);
  if (!form || !area || area.readOnly || form.dataset.begun) return;
  form.dataset.begun = "1";
  const mine = { form, area, saved: area.value };
  formula = mine;
  area.addEventListener("input", () => later(saveFormula, 700));
  area.addEventListener("blur", flushFormula);
  const hadFocus = document.activeElement === area;
  const { feelEditor } = await import(area.dataset.feel);
  if (!area.isConnected) return;
  feelEditor({
    area,
    label: $(`label[for="${area.id}"]`).textContent,
    names: JSON.parse($("#studio-completion").textContent),
    nonce: NONCE,
    onChange: (value) => {
      area.value = value;
      later(saveFormula, 700);
    },
    onLeave: flushFormula,
    hasFocus: hadFocus || document.activeElement === area,
  });
}

/* ---- the live pane ---- */

async function live() {
  const pane = $("[data-live]");
  if (!pane) return;
  const form = $("[data-live-form]", pane);
  const query = new URLSearchParams(new FormData(form));
  try {
    sessionStorage.setItem("studio-live", query.toString());
  } catch {}
  pane.setAttribute("aria-busy", "true");
  const began = performance.now();
  const answer = await fetch(`${pane.dataset.live}?${query}`, { headers: { "HX-Request": "true" } });
  const next = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("live-result");
  pane.removeAttribute("aria-busy");
  if (!next) return;
  $("#live-result", pane)?.replaceWith(next);
  $("[data-live-time]", pane).textContent = `${Math.round(performance.now() - began)} ms`;
}

function beginLive() {
  const form = $("[data-live-form]");
  if (!form || form.dataset.begun) return;
  form.dataset.begun = "1";
  const kept = new URLSearchParams(sessionStorage.getItem("studio-live") ?? "");
  for (const name of ["contract", "period"])
    if (kept.get(name) && !new URLSearchParams(location.search).get(name)) form.elements[name].value = kept.get(name);
  live();
}

/* ---- who else is here ---- */

let told = 0;
async function presence() {
  const here = root();
  if (!here || document.hidden) return;
  const body = new URLSearchParams({ _csrf: $('meta[name="csrf"]').content, revision: here.dataset.revision });
  const answer = await fetch(`${here.dataset.path}/presence`, { method: "POST", body, headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok) return;
  const now = await answer.json();
  const place = $("#studio-others");
  if (place && place.textContent.trim() !== now.text) place.textContent = now.text;
  if (now.news && now.revision !== told && String(now.revision) !== root().dataset.revision) {
    told = now.revision;
    tell(now.news, "warn");
  }
}
setInterval(presence, 15000);

/* ---- beginning, and again after each answer ---- */

function begin() {
  const first = $("[data-grid] td[data-at]");
  if (first && !$('[data-grid] td[tabindex="0"]')) {
    for (const cell of cells()) cell.tabIndex = -1;
    first.tabIndex = 0;
  }
  beginFormula();
  beginLive();
}

document.addEventListener("focusin", (event) => {
  const cell = event.target.closest?.("[data-grid] td[data-at]");
  if (cell && event.target === cell && !anchor?.isConnected) anchor = cell;
});

begin();
firstField(root())?.focus();
