// Short messages at the foot of the window, and copying.
import { action } from "./bridge.js";

let hiding = 0;

export function say(text, { stay = false } = {}) {
  const notice = document.getElementById("notice");
  clearTimeout(hiding);
  notice.textContent = text;
  notice.hidden = false;
  if (!stay) hiding = setTimeout(() => (notice.hidden = true), 2400);
}

export function hideNotice() {
  document.getElementById("notice").hidden = true;
}

// One of the sentences that the page's language gave to the notice: lost, refused, copied, thanks.
export function sayKnown(name, options) {
  say(document.getElementById("notice").dataset[name], options);
}

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Over plain http on another address than loopback browsers give no clipboard.
    const holder = document.createElement("textarea");
    holder.value = text;
    document.body.append(holder);
    holder.select();
    document.execCommand("copy");
    holder.remove();
  }
  sayKnown("copied");
}

action("copy", (button) => copy(button.dataset.copy));
action("copy-link", (button) => copy(linkTo(button.dataset.clause)));

export function linkTo(clause) {
  const address = new URL(location.href);
  address.search = new URLSearchParams({ clause }).toString();
  address.hash = "";
  return address.href;
}
