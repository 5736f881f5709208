// The one way from the page to the service's handlers: named events through Gradio's bridge block.
let trigger = null;
const waiting = [];
const ready = [];

// Sends an event; before the page is connected it waits.
export function send(name, data = {}) {
  if (trigger) trigger(name, data);
  else waiting.push([name, data]);
}

// Runs when the page can be used, or at once if it already can.
export function whenReady(run) {
  if (trigger) run();
  else ready.push(run);
}

// Gradio draws its blocks in no certain order, so the page is ready when the last one stands.
export function connect(gradioTrigger, blocks) {
  if (!blocks.every((id) => document.getElementById(id))) {
    requestAnimationFrame(() => connect(gradioTrigger, blocks));
    return;
  }
  trigger = gradioTrigger;
  document.documentElement.dataset.ready = "";
  ready.splice(0).forEach((run) => run());
  waiting.splice(0).forEach(([name, data]) => trigger(name, data));
}

// Calls `run` each time the block with that id is drawn again.
export function onRedraw(id, run) {
  whenReady(() => {
    const block = document.getElementById(id);
    new MutationObserver(() => run(block)).observe(block, { childList: true, subtree: true });
    run(block);
  });
}

const actions = {};

// Names what a button marked data-do="name" does.
export function action(name, run) {
  actions[name] = run;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-do]");
  if (button && actions[button.dataset.do]) {
    event.preventDefault();
    actions[button.dataset.do](button, event);
  }
});
