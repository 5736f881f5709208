// Who is signed in, the way out, and what is said when the session is over. Text only, never markup.
import { whenReady } from "./bridge.js";

const told = JSON.parse(document.getElementById("account-told")?.textContent ?? "null");

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

// A conversation stays in the browser; the next person at the same browser must not find it there.
const KEPT_FOR = "policyqa-account";
function forget() {
  localStorage.removeItem("policyqa-conversation");
  sessionStorage.removeItem("policyqa-draft");
}
if (told) {
  const before = localStorage.getItem(KEPT_FOR);
  if (before !== null && before !== told.name) forget();
  localStorage.setItem(KEPT_FOR, told.name);
}

function menu() {
  const link = element("a", "quiet account-name", told.name);
  link.href = "/account";
  link.title = `${told.words["account.menu"]} · ${told.role}`;
  const form = element("form", "account-out");
  form.method = "post";
  form.action = "/sign-out";
  const token = element("input");
  token.type = "hidden";
  token.name = "token";
  token.value = told.token;
  const out = element("button", "quiet", told.words["account.signout"]);
  out.type = "submit";
  form.append(token, out);
  form.addEventListener("submit", forget);
  return [link, form];
}

// Shown once: whatever else fails for the same reason need not say so again.
function sayOver() {
  if (document.getElementById("session-over")) return;
  const dialog = element("dialog", "small-dialog");
  dialog.id = "session-over";
  dialog.setAttribute("aria-labelledby", "session-over-title");
  const title = element("h2", "", told.words["account.over"]);
  title.id = "session-over-title";
  const again = element("a", "primary", told.words["account.again"]);
  again.href = `/sign-in?over=1&next=${encodeURIComponent(location.pathname + location.search)}`;
  const row = element("div", "row-end");
  row.append(again);
  dialog.append(title, element("p", "", told.words["account.over.detail"]), row);
  (document.querySelector(".gradio-container") ?? document.body).append(dialog);
  dialog.showModal();
}

if (told) {
  const plain = window.fetch;
  window.fetch = async (...given) => {
    const answer = await plain(...given);
    if (answer.status === 401 && new URL(answer.url).origin === location.origin) sayOver();
    return answer;
  };
  whenReady(() => {
    document.querySelector(".switches")?.append(...menu());
  });
}
