// Writing a question, asking it, stopping, asking again.
import { action, onRedraw, send, whenReady } from "./bridge.js";
import { readFilters } from "./filters.js";
import { hideNotice, sayKnown } from "./say.js";
import { showTurn } from "./evidence.js";

const CHECK_AFTER_MS = 5000;
let asked = null; // the question under way, until its answer stands
let checking = 0;
let before = null; // the turn that stood last when it was asked
let editing = null; // the turn that the text in the box is to replace

const box = () => document.getElementById("question");
const lastTurn = () => document.querySelector("#live .turn");

function grow(area) {
  area.style.height = "auto";
  area.style.height = `${Math.min(area.scrollHeight, 220)}px`;
}

function fill(text) {
  location.hash = "ask";
  box().value = text;
  grow(box());
  box().focus();
  sessionStorage.setItem("policyqa-draft", text);
}

export function ask(question, replaces = null) {
  const form = document.getElementById("composer");
  const text = question.trim();
  if (asked !== null) return;
  if (!text) return complain(form.dataset.blank);
  const limit = Number(form.dataset.limit);
  if (text.length > limit) {
    return complain(form.dataset.tooLong.replace("{chars}", text.length).replace("{limit}", limit));
  }
  complain("");
  hideNotice();
  asked = text;
  before = lastTurn()?.dataset.turn ?? null;
  running(true);
  const pending = document.getElementById("pending");
  document.getElementById("pending-question").textContent = text;
  pending.hidden = false;
  pending.scrollIntoView({ block: "start", behavior: "instant" });
  const message = { question: text, filters: readFilters(), replaces: replaces ?? editing };
  whenRestored(() => send("ask", message));
  editing = null;
  checking = setTimeout(checkConnection, CHECK_AFTER_MS);
}

// An earlier conversation is drawn once the page has loaded; a question answered before that would be drawn over.
function whenRestored(run, attempts = 100) {
  if (attempts === 0 || document.querySelector(".welcome, .turn[data-kind]")) run();
  else setTimeout(() => whenRestored(run, attempts - 1), 100);
}

function complain(text) {
  const said = document.getElementById("question-said");
  said.dataset.usual ??= said.textContent;
  said.textContent = text || said.dataset.usual;
  said.classList.toggle("is-error", Boolean(text));
  box().setAttribute("aria-invalid", String(Boolean(text)));
  if (text) box().focus();
}

function running(on) {
  document.querySelector(".composer .stop").hidden = !on;
  document.querySelector(".composer .send").hidden = on;
  document.getElementById("conversation").classList.toggle("is-asking", on);
}

function finished() {
  clearTimeout(checking);
  asked = null;
  running(false);
  document.getElementById("pending").hidden = true;
}

// The question stays in the box until the service has taken it, so that a lost connection loses nothing.
async function checkConnection() {
  if (asked === null) return;
  clearTimeout(checking);
  try {
    await fetch("/api/health", { cache: "no-store" });
    checking = setTimeout(checkConnection, CHECK_AFTER_MS);
  } catch {
    giveUp("lost");
  }
}

function giveUp(why) {
  const question = asked;
  finished();
  fill(question);
  sayKnown(why, { stay: true });
}

// Gradio tells its own troubles, in English, in a corner: a connection that broke, a queue that is full.
new MutationObserver(() => {
  if (!document.querySelector(".toast-body.error") || asked === null) return;
  fetch("/api/health", { cache: "no-store" }).then(
    () => asked !== null && giveUp("refused"),
    () => asked !== null && giveUp("lost"),
  );
}).observe(document.documentElement, { childList: true, subtree: true });

onRedraw("live", (live) => {
  const turn = live.querySelector(".turn");
  if (!turn || asked === null || turn.dataset.turn === before) return;
  document.getElementById("pending").hidden = true;
  if (box().value.trim() === asked) {
    box().value = "";
    grow(box());
    sessionStorage.removeItem("policyqa-draft");
  }
  if (turn.classList.contains("running")) return;
  finished();
  turn.scrollIntoView({ block: "start", behavior: "instant" });
  if (turn.dataset.kind) showTurn(turn);
});

whenReady(() => {
  const draft = sessionStorage.getItem("policyqa-draft");
  if (draft) {
    box().value = draft;
    grow(box());
  }
  for (const id of ["live", "thread"]) document.getElementById(id).setAttribute("aria-live", "polite");
});

document.addEventListener("submit", (event) => {
  if (event.target.id !== "composer") return;
  event.preventDefault();
  ask(box().value);
});

document.addEventListener("input", (event) => {
  if (event.target.id !== "question") return;
  if (!event.target.value) stopEditing();
  grow(event.target);
  if (editing === null) complain("");
  sessionStorage.setItem("policyqa-draft", event.target.value);
});

document.addEventListener("keydown", (event) => {
  if (event.target.id !== "question" || event.key !== "Enter" || event.shiftKey) return;
  // Enter that ends a pinyin composition chooses characters; it doesn't ask.
  if (event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  ask(box().value);
});

function turnOf(button) {
  return button.closest(".turn");
}

action("suggest", (button) => ask(button.dataset.question));
action("retry", (button) => {
  const turn = turnOf(button);
  ask(turn.dataset.question, turn === lastTurn() ? (turn.dataset.turn ?? null) : null);
});
action("edit", (button) => {
  const turn = turnOf(button);
  fill(turn.dataset.question);
  if (turn !== lastTurn()) return;
  editing = turn.dataset.turn;
  const said = document.getElementById("question-said");
  said.dataset.usual ??= said.textContent;
  said.textContent = document.getElementById("composer").dataset.editing;
});

function stopEditing() {
  editing = null;
  complain("");
}
action("stop", () => {
  if (asked === null) return;
  const question = asked;
  send("halt", { question });
});
action("new", () => {
  finished();
  stopEditing();
  send("start_over");
  box().focus();
});

for (const verdict of ["up", "down"]) {
  action(verdict, (button) => {
    const group = button.closest(".actions");
    group.querySelectorAll("[aria-pressed]").forEach((one) => one.setAttribute("aria-pressed", String(one === button)));
    send("feedback", { turn: turnOf(button).dataset.turn, verdict });
    sayKnown("thanks");
  });
}

