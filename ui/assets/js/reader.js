// The document reader: a dialog that the service draws, opened at one clause; its address can be shared.
import { action, onRedraw, send, whenReady } from "./bridge.js";
import { linkTo } from "./say.js";

let drawn = ""; // what the dialog holds, so that opening it again needs no new drawing
let before = null;

const dialog = () => document.querySelector("#reader-block dialog.reader");

export function read(wanted) {
  const key = JSON.stringify(wanted);
  before = document.activeElement;
  if (key === drawn && dialog()) open(dialog());
  else {
    document.documentElement.classList.add("is-reading");
    send("read", wanted);
  }
  drawn = key;
  if (wanted.clause) history.replaceState(null, "", linkTo(wanted.clause) + location.hash);
}

function open(shown) {
  delete shown.dataset.open;
  if (!shown.open) shown.showModal();
  const chosen = shown.querySelector(".reader-clause.chosen");
  const mark = chosen?.querySelector("mark") ?? chosen;
  mark?.scrollIntoView({ block: "center" });
  shown.querySelector('.reader-outline [aria-current="location"]')?.scrollIntoView({ block: "center" });
  (chosen ?? shown.querySelector(".reader-text"))?.focus({ preventScroll: true });
  shown.addEventListener("close", closed, { once: true });
}

function closed() {
  const address = new URL(location.href);
  address.searchParams.delete("clause");
  history.replaceState(null, "", address);
  if (before?.isConnected) before.focus();
}

onRedraw("reader-block", () => {
  document.documentElement.classList.remove("is-reading");
  const shown = document.querySelector("#reader-block dialog.reader[data-open]");
  if (shown) open(shown);
});

action("read", (button) => {
  const { clause, document: doc, marks } = button.dataset;
  read(clause ? { clause, marks: marks ?? "" } : { document: doc });
});
action("close-reader", () => dialog().close());
// On a phone the outline lies over the text until a place is chosen.
function showOutline(on) {
  dialog().classList.toggle("is-outlined", on);
  dialog().querySelector('[data-do="outline"]')?.setAttribute("aria-expanded", String(on));
}
action("outline", () => showOutline(!dialog().classList.contains("is-outlined")));

action("jump", (link) => {
  showOutline(false);
  const target = dialog().querySelector(`.reader-clause[data-clause="${CSS.escape(link.dataset.clause)}"]`);
  target?.scrollIntoView({ block: "start", behavior: "smooth" });
  if (target) {
    target.tabIndex = -1;
    target.focus({ preventScroll: true });
  }
  dialog().querySelectorAll(".reader-outline [aria-current]").forEach((one) => one.removeAttribute("aria-current"));
  link.setAttribute("aria-current", "location");
});

function face(page) {
  showOutline(false);
  const shown = dialog();
  const figure = shown.querySelector(".reader-page");
  if (page) figure.querySelectorAll("img:not([src])").forEach((image) => (image.src = image.dataset.src));
  figure.hidden = !page;
  shown.querySelector(".reader-text").hidden = page;
  shown.querySelector('[data-do="reader-text"]').setAttribute("aria-pressed", String(!page));
  shown.querySelector('[data-do="reader-page"]').setAttribute("aria-pressed", String(page));
}
action("reader-text", () => face(false));
action("reader-page", () => face(true));

whenReady(() => {
  const clause = new URLSearchParams(location.search).get("clause");
  if (clause) read({ clause, marks: "" });
});
