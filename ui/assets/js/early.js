// Runs before anything is drawn: light or dark as chosen or as the system has it, and the page's own language for
// the few words that Gradio says itself.
(() => {
  const root = document.documentElement;
  const chosen = localStorage.getItem("policyqa-theme");
  const dark = chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "dark" : "light";
  const language = root.lang;
  Object.defineProperty(navigator, "language", { get: () => language, configurable: true });
  Object.defineProperty(navigator, "languages", { get: () => [language], configurable: true });
})();
