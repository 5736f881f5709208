// Running a question set.
import { send } from "./bridge.js";
import { onView } from "./frame.js";

onView("evaluation", (first) => first && send("evaluation"));

document.addEventListener("submit", (event) => {
  if (event.target.id !== "evaluation-form") return;
  event.preventDefault();
  send("evaluate", Object.fromEntries(new FormData(event.target)));
});
