// What a question is limited to; kept for the session.
import { action, onRedraw } from "./bridge.js";

const LISTS = ["documents", "issuers", "regions", "kinds"];
const panel = () => document.getElementById("filters");

export function readFilters() {
  const found = {};
  for (const name of LISTS) {
    const chosen = [...panel().querySelectorAll(`input[data-filter="${name}"]:checked`)].map((one) => one.value);
    if (chosen.length) found[name] = chosen;
  }
  const day = panel().querySelector('[data-filter="as_of"]').value;
  if (day) found.as_of = day;
  if (panel().querySelector('[data-filter="in_force"]').checked) found.in_force = true;
  return found;
}

function count(found) {
  return Object.values(found).reduce((sum, value) => sum + (Array.isArray(value) ? value.length : 1), 0);
}

function show() {
  const said = document.getElementById("filter-said");
  const n = count(readFilters());
  said.textContent = n ? said.dataset.some.replace("{n}", n) : said.dataset.all;
  said.closest("button").classList.toggle("is-on", n > 0);
  sessionStorage.setItem("policyqa-filters", JSON.stringify(readFilters()));
}

onRedraw("filter-block", (block) => {
  if (!block.querySelector("#filters") || block.dataset.restored === "yes") return;
  block.dataset.restored = "yes";
  const kept = JSON.parse(sessionStorage.getItem("policyqa-filters") || "{}");
  for (const name of LISTS) {
    const wanted = new Set(kept[name] ?? []);
    panel().querySelectorAll(`input[data-filter="${name}"]`).forEach((one) => (one.checked = wanted.has(one.value)));
  }
  panel().querySelector('[data-filter="as_of"]').value = kept.as_of ?? "";
  panel().querySelector('[data-filter="in_force"]').checked = Boolean(kept.in_force);
  show();
});

document.addEventListener("change", (event) => {
  if (event.target.matches?.("[data-filter]")) show();
});

document.addEventListener("input", (event) => {
  if (!event.target.matches?.('[data-do-input="find-document"]')) return;
  const wanted = event.target.value.trim().toLowerCase();
  panel()
    .querySelectorAll("[data-find]")
    .forEach((one) => (one.hidden = !one.dataset.find.includes(wanted)));
});

action("filters", () => {
  const open = panel().hidden;
  panel().hidden = !open;
  const button = document.querySelector('.composer [data-do="filters"]');
  button.setAttribute("aria-expanded", String(open));
  if (open) panel().querySelector("input").focus();
  else button.focus();
});

action("clear-filters", () => {
  panel()
    .querySelectorAll("[data-filter]")
    .forEach((one) => {
      if (one.type === "checkbox") one.checked = false;
      else one.value = "";
    });
  show();
});
