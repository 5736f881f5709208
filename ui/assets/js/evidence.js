// The clause beside the answer: opened by a marker or a source, under the pointer or by key.
import { action, onRedraw, send } from "./bridge.js";
import { sayKnown } from "./say.js";

const panel = () => document.getElementById("evidence");
const cards = () => document.getElementById("evidence-cards");
let opener = null;

// Fills the panel with a turn's cards, if it doesn't hold them already.
export function showTurn(turn) {
  const held = turn.querySelector("template.turn-cards");
  if (!held || !held.innerHTML.trim()) return;
  if (cards().dataset.turn !== turn.dataset.turn) {
    cards().innerHTML = held.innerHTML;
    cards().dataset.turn = turn.dataset.turn;
    cards().scrollTop = 0;
    cards().querySelectorAll(".clause").forEach(showMark);
  }
}

// A long clause is opened where its quoted words stand.
function showMark(clause) {
  const mark = clause.querySelector("mark");
  if (mark) clause.scrollTop = mark.offsetTop - clause.offsetTop - 40;
}

function showCard(button, { focus }) {
  const turn = button.closest(".turn");
  showTurn(turn);
  const name = button.dataset.cite;
  const card = cards().querySelector(`[data-card="${CSS.escape(name)}"]`);
  if (!card) return;
  cards().querySelectorAll(".card").forEach((one) => one.classList.toggle("is-open", one === card));
  document.querySelectorAll("[data-cite].is-open").forEach((one) => one.classList.remove("is-open"));
  turn.querySelectorAll(`[data-cite="${CSS.escape(name)}"]`).forEach((one) => one.classList.add("is-open"));
  if (focus) {
    opener = button;
    panel().classList.add("is-shown");
    card.focus({ preventScroll: true });
  }
  cards().scrollTo({ top: card.offsetTop - cards().offsetTop - 4, behavior: focus ? "smooth" : "instant" });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-cite]");
  if (button) showCard(button, { focus: true });
});

document.addEventListener("pointerover", (event) => {
  if (event.pointerType !== "mouse") return;
  const button = event.target.closest?.(".cite-mark");
  if (button) showCard(button, { focus: false });
});

function closePanel() {
  panel().classList.remove("is-shown");
  opener?.focus();
  opener = null;
}

action("close-evidence", closePanel);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && panel()?.contains(document.activeElement)) closePanel();
});

action("whole", (button) => {
  button.closest(".clause").querySelectorAll("[hidden]").forEach((one) => (one.hidden = false));
  button.remove();
});

// A page's picture is fetched when it is first looked at.
document.addEventListener(
  "toggle",
  (event) => {
    if (!event.target.matches?.("details.excerpt[open]")) return;
    event.target.querySelectorAll("img:not([src])").forEach((image) => (image.src = image.dataset.src));
  },
  true,
);

// After a reload the last answer's evidence stands beside it again.
onRedraw("live", (live) => {
  const turn = live.querySelector(".turn[data-kind]");
  if (turn && !cards().dataset.turn) showTurn(turn);
  if (!turn && !live.querySelector(".turn") && !document.querySelector("#thread .turn")) {
    delete cards().dataset.turn;
  }
});

const report = () => document.getElementById("report");

action("report", (button) => {
  report().dataset.turn = cards().dataset.turn;
  report().dataset.clause = button.dataset.clause;
  report().dataset.marker = button.dataset.marker;
  document.getElementById("report-about").textContent = button.dataset.about;
  document.getElementById("report-note").value = "";
  report().showModal();
});
action("close-report", () => report().close());
action("send-report", () => {
  const { turn, clause, marker } = report().dataset;
  const note = document.getElementById("report-note").value;
  send("feedback", { turn, verdict: "wrong_citation", clause, marker: Number(marker), note });
  report().close();
  sayKnown("thanks");
});
