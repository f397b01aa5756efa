/* The one script of every page. Pages work without it; it adds: htmx for progress and dialogs, the
 * theme at once, "/" to search, popovers that close, selection of rows, and a guard for forms that
 * were changed. Nothing here makes markup from strings, so the policy needs no exception. */
import htmx from "htmx.org/dist/htmx.esm.js";

Object.assign(htmx.config, {
  includeIndicatorStyles: false,
  allowEval: false,
  allowScriptTags: false,
  selfRequestsOnly: true,
  historyCacheSize: 0,
  refreshOnHistoryMiss: true,
  responseHandling: [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "422", swap: true },
    { code: "[45]..", swap: false, error: true },
  ],
});

const $ = (selector, from = document) => from.querySelector(selector);
const $$ = (selector, from = document) => [...from.querySelectorAll(selector)];
const on = (type, handler, capture = false) => document.addEventListener(type, handler, capture);
const csrf = () => $('meta[name="csrf"]')?.content ?? "";

on("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRF-Token"] = csrf();
});

/* ---- theme: shown at once, kept by the server ---- */

on("click", (event) => {
  const button = event.target.closest("[data-theme-set]");
  if (!button) return;
  event.preventDefault();
  document.documentElement.dataset.bsTheme = button.value;
  for (const other of $$("[data-theme-set]", button.form))
    other.setAttribute("aria-pressed", String(other === button));
  const body = new URLSearchParams(new FormData(button.form, button));
  fetch(button.form.action, { method: "POST", body, redirect: "manual" });
});

/* ---- "/" goes to the search; Escape and a click elsewhere close popovers ---- */

const isTyping = (element) => element.matches("input, textarea, select, [contenteditable]");

on("keydown", (event) => {
  if (event.key === "/" && !isTyping(event.target) && !event.ctrlKey && !event.metaKey) {
    const field = $("[data-search]");
    if (field) {
      event.preventDefault();
      field.form.classList.add("is-open");
      field.focus();
      field.select();
    }
  }
  if (event.key === "Escape") {
    const open = $("details.k-drop[open]");
    if (open) {
      open.open = false;
      $("summary", open).focus();
    }
  }
});

on("click", (event) => {
  for (const open of $$("details.k-drop[open]"))
    if (!open.contains(event.target)) open.open = false;
});

/* ---- the search of everything: arrows go through what is found, Escape closes it ---- */

on("click", (event) => {
  const button = event.target.closest("[data-find-open]");
  const field = $("[data-search]");
  if (!button || !field) return;
  event.preventDefault();
  field.form.classList.add("is-open");
  field.focus();
});

on("keydown", (event) => {
  const form = event.target.closest("[data-find]");
  if (!form) return;
  const field = $("[data-search]", form);
  if (event.key === "Escape") {
    $(".k-suggest", form).replaceChildren();
    form.classList.remove("is-open");
    field.focus();
    if (event.target === field) field.blur();
  }
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const places = [field, ...$$(".k-suggest a", form)];
  const next = places.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1);
  event.preventDefault();
  places[(next + places.length) % places.length].focus();
});

on("focusout", (event) => {
  const form = event.target.closest("[data-find]");
  if (form && event.relatedTarget && !form.contains(event.relatedTarget)) form.classList.remove("is-open");
});

/* ---- a slider beside a number: each writes into the other, and the number is what is sent ---- */

const showSliders = (root) => {
  for (const range of $$("[data-slide] input[type=range]", root)) range.hidden = false;
};
showSliders(document);
on("htmx:afterSwap", (event) => showSliders(event.target));

on("input", (event) => {
  const place = event.target.closest("[data-slide]");
  if (!place) return;
  const range = $("input[type=range]", place);
  const number = $("input[type=text]", place);
  const point = place.dataset.slide;
  if (event.target === range) number.value = range.value.replace(".", point);
  else range.value = number.value.trim().replace(point, ".");
}, true);

/* ---- a day: the calendar writes into the text beside it, in the form of the language ---- */

const written = (pattern, iso) => {
  const [y, m, d] = iso.split("-");
  if (pattern !== "d M y") return pattern.replace("d", d).replace("m", m).replace("y", y);
  const month = new Intl.DateTimeFormat("en-US", { month: "short", timeZone: "UTC" });
  return `${Number(d)} ${month.format(new Date(`${iso}T00:00:00Z`))} ${y}`;
};

for (const button of $$("[data-date-open]")) button.hidden = false;

on("click", (event) => {
  const place = event.target.closest("[data-date-open]")?.closest("[data-date]");
  if (!place) return;
  const native = $("[data-date-native]", place);
  const typed = $("input[type=text]", place).value.trim();
  const parts = typed.match(/^(\d{1,2})[./](\d{1,2})[./](\d{4})$/);
  native.value = parts ? `${parts[3]}-${parts[2].padStart(2, "0")}-${parts[1].padStart(2, "0")}` : typed;
  native.showPicker();
});

on("change", (event) => {
  const place = event.target.closest("[data-date-native]")?.closest("[data-date]");
  if (!place || !event.target.value) return;
  const text = $("input[type=text]", place);
  text.value = written(place.dataset.date, event.target.value);
  text.dispatchEvent(new Event("input", { bubbles: true }));
  text.focus();
});

/* ---- selection: the head box takes all rows, the bar says how many ---- */

const showSelection = (list) => {
  const boxes = $$("tbody .k-pick input", list);
  const chosen = boxes.filter((box) => box.checked).length;
  for (const all of $$("[data-pick-all]", list)) {
    all.checked = chosen > 0 && chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
  }
  const every = $("[data-all]", list);
  if (every && chosen < boxes.length) every.checked = false;
  const count = $("[data-selected]", list);
  if (count) count.textContent = count.dataset.selected.replace("#", String(chosen));
};

on("change", (event) => {
  const list = event.target.closest(".k-list");
  if (!list || !event.target.closest(".k-pick, .k-bulk")) return;
  if (event.target.matches("[data-pick-all]"))
    for (const box of $$("tbody .k-pick input", list)) box.checked = event.target.checked;
  if (event.target.matches("[data-all]") && event.target.checked)
    for (const box of $$("tbody .k-pick input", list)) box.checked = true;
  showSelection(list);
});

on("click", (event) => {
  const list = event.target.closest("[data-pick-none]")?.closest(".k-list");
  if (!list) return;
  for (const box of $$(".k-pick input, [data-all]", list)) box.checked = false;
  showSelection(list);
});

for (const list of $$(".k-list")) showSelection(list);

/* ---- columns: their order is that of the boxes; without script the buttons send the form ---- */

on("click", (event) => {
  const button = event.target.closest(".k-col-move button");
  if (!button) return;
  event.preventDefault();
  const row = button.closest(".k-col");
  const other = button.name === "up" ? row.previousElementSibling : row.nextElementSibling;
  if (other?.matches(".k-col")) other[button.name === "up" ? "before" : "after"](row);
  button.focus();
});

/* In a list j and k, or the arrows on a row's link, go from row to row; x marks the row. */

const rowsOf = (list) => $$("tbody tr", list).filter((row) => $("a.k-main", row));

on("keydown", (event) => {
  if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
  const list = event.target.closest(".k-list");
  if (!list) return;
  const rows = rowsOf(list);
  const here = rows.indexOf(event.target.closest("tbody tr"));
  const isArrow = event.target.matches("a.k-main") && /^Arrow(Up|Down)$/.test(event.key);
  if (event.key === "j" || event.key === "k" || isArrow) {
    const next = rows[here + (event.key === "j" || event.key === "ArrowDown" ? 1 : -1)] ?? (here < 0 ? rows[0] : null);
    if (!next) return;
    event.preventDefault();
    $("a.k-main", next).focus();
  } else if (event.key === "x" && here >= 0) {
    $(".k-pick input", rows[here])?.click();
  }
});

/* ---- forms: leaving with unsaved changes asks; a second press does not send twice ---- */

let changed = null;

on("input", (event) => {
  changed = event.target.closest("form[data-guard]") ?? changed;
});
on("submit", (event) => {
  changed = null;
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
  setTimeout(() => delete form.dataset.sent, 4000);
});
addEventListener("beforeunload", (event) => {
  if (changed?.isConnected) event.preventDefault();
});
addEventListener("pageshow", () => {
  for (const form of $$("form[data-sent]")) delete form.dataset.sent;
});

/* ---- dialog: a confirm page shown over the page that asked for it ---- */

on("htmx:afterSwap", (event) => {
  const dialog = event.target.closest?.("dialog");
  if (dialog && !dialog.open) dialog.showModal();
});
on("click", (event) => {
  const close = event.target.closest("[data-close]");
  if (!close) return;
  const dialog = close.closest("dialog");
  if (dialog) {
    event.preventDefault();
    dialog.close();
  } else if (close.tagName === "BUTTON") {
    close.closest(".k-flash, .k-toasts > *")?.remove();
  }
});

/* ---- small things: copy a key, say that a request failed ---- */

on("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText($(button.dataset.copy).textContent.trim());
  button.classList.add("is-done");
  setTimeout(() => button.classList.remove("is-done"), 1500);
});

const toast = (text, tint) => {
  const template = $("#k-toast");
  const place = $("#k-toasts");
  if (!template || !place) return;
  if ($$("[data-text]", place).some((other) => other.textContent === text)) return;
  const message = template.content.firstElementChild.cloneNode(true);
  message.classList.add(tint);
  $("[data-text]", message).textContent = text;
  place.append(message);
  setTimeout(() => message.remove(), 8000);
};
on("toast", (event) => toast(event.detail.text, event.detail.tint ?? "info"));
on("htmx:sendError", () => toast($("#k-toasts")?.dataset.offline ?? "", "bad"));
on("htmx:responseError", () => toast($("#k-toasts")?.dataset.failed ?? "", "bad"));

/* ---- islands: what single pages load besides ---- */

for (const place of $$("[data-island]")) import(place.dataset.island);
