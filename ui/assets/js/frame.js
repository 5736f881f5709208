// The four views, light or dark, the language.
import { action, whenReady } from "./bridge.js";

const VIEWS = ["ask", "library", "evaluation", "status"];
const shownBefore = new Set();
const opened = {};

// Runs the first time, and each later time, that a view is shown.
export function onView(name, run) {
  opened[name] = run;
}

function show() {
  const wanted = location.hash.slice(1);
  const view = VIEWS.includes(wanted) ? wanted : "ask";
  document.documentElement.dataset.view = view;
  document.querySelectorAll("nav [data-view]").forEach((link) => {
    if (link.dataset.view === view) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  });
  opened[view]?.(!shownBefore.has(view));
  shownBefore.add(view);
}

window.addEventListener("hashchange", () => {
  show();
  window.scrollTo(0, 0);
});
whenReady(() => {
  show();
  paint();
});

function paint() {
  document.body.classList.toggle("dark", document.documentElement.dataset.theme === "dark");
}

action("theme", () => {
  const root = document.documentElement;
  root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
  localStorage.setItem("policyqa-theme", root.dataset.theme);
  paint();
});

action("language", (button) => {
  const language = button.dataset.language;
  document.cookie = `policyqa_language=${language}; path=/; max-age=31536000; samesite=lax`;
  const address = new URL(location.href);
  address.pathname = language === "en" ? "/en/" : "/";
  location.assign(address);
});
