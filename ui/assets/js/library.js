// The library: files dropped in, each with its own progress; filtering, removing, replacing, comparing.
import { action, onRedraw, send } from "./bridge.js";
import { onView } from "./frame.js";

const zone = () => document.getElementById("drop");
const fill = (text, places) => text.replace(/\{(\w+)\}/g, (whole, name) => places[name] ?? whole);

export function wanted() {
  const form = document.getElementById("library-filter");
  return Object.fromEntries(new FormData(form));
}

onView("library", () => send("library", wanted()));

// The list of files stays open when it is drawn again.
let filesOpen = false;
document.addEventListener(
  "toggle",
  (event) => {
    if (event.target.matches?.("details.files")) filesOpen = event.target.open;
  },
  true,
);
onRedraw("library-list", (list) => {
  const files = list.querySelector("details.files");
  if (files && filesOpen) files.open = true;
});

let typing = 0;
document.addEventListener("input", (event) => {
  if (!event.target.closest?.("#library-filter")) return;
  clearTimeout(typing);
  typing = setTimeout(() => send("library", wanted()), 180);
});
document.addEventListener("submit", (event) => {
  if (event.target.id === "library-filter") {
    event.preventDefault();
    send("library", wanted());
  }
  if (event.target.id === "compare-form") {
    event.preventDefault();
    send("compare", Object.fromEntries(new FormData(event.target)));
  }
});

function sizeName(bytes) {
  return bytes >= 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1e3))} KB`;
}

// One line per file: its name, a bar while it travels, then what was found in it. Text only, never markup.
function line(file) {
  const item = document.createElement("li");
  const name = document.createElement("span");
  const state = document.createElement("span");
  const bar = document.createElement("progress");
  name.className = "upload-name";
  name.textContent = file.name;
  state.className = "upload-state";
  bar.max = 100;
  bar.value = 0;
  bar.setAttribute("aria-label", file.name);
  item.append(name, state, bar);
  document.getElementById("uploads").prepend(item);
  return {
    at(percent, text) {
      if (percent === null) bar.removeAttribute("value");
      else bar.value = percent;
      state.textContent = text;
    },
    end(text, { failed = false, warnings = [] } = {}) {
      bar.remove();
      state.textContent = text;
      item.classList.add(failed ? "is-failed" : "is-done");
      if (!warnings.length) return;
      const list = document.createElement("ul");
      for (const warning of warnings) {
        const one = document.createElement("li");
        one.textContent = warning;
        list.append(one);
      }
      item.append(list);
    },
  };
}

const queue = [];
let busy = false;

function take(files, replaces = null) {
  const said = zone().dataset;
  for (const file of files) {
    const shown = line(file);
    if (file.size > Number(said.limitMb) * 1e6) {
      shown.end(fill(said.tooBig, { name: file.name, size: sizeName(file.size) }), { failed: true });
      continue;
    }
    queue.push({ file, shown, replaces });
  }
  next();
}

function next() {
  if (busy || !queue.length) return;
  busy = true;
  const { file, shown, replaces } = queue.shift();
  upload(file, shown, replaces).finally(() => {
    busy = false;
    send("library_changed", wanted());
    next();
  });
}

function upload(file, shown, replaces) {
  const said = zone().dataset;
  const body = new FormData();
  body.append("files", file);
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    const language = document.documentElement.lang.slice(0, 2);
    request.open("POST", `/api/documents?${new URLSearchParams({ language, ...(replaces && { replaces }) })}`);
    request.responseType = "json";
    request.upload.onprogress = (event) => {
      const percent = Math.round((event.loaded / event.total) * 100);
      if (percent < 100) shown.at(percent, `${said.uploading} ${percent}%`);
      else shown.at(null, said.reading);
    };
    request.onload = () => {
      const report = request.response?.files?.[0];
      if (request.status >= 400 || !report) {
        const why = report?.error ?? request.response?.error?.message ?? `HTTP ${request.status}`;
        shown.end(fill(said.failed, { why }), { failed: true });
      } else if (report.outcome === "unchanged") shown.end(said.unchanged);
      else shown.end(fill(said.done, report), { warnings: report.warnings });
      done();
    };
    request.onerror = request.onabort = () => {
      shown.end(said.lost, { failed: true });
      done();
    };
    request.send(body);
  });
}

for (const kind of ["dragenter", "dragover"]) {
  document.addEventListener(kind, (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    zone()?.classList.add("is-over");
  });
}
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) zone()?.classList.remove("is-over");
});
document.addEventListener("drop", (event) => {
  if (!event.dataTransfer?.files.length) return;
  event.preventDefault();
  zone().classList.remove("is-over");
  location.hash = "library";
  take([...event.dataTransfer.files]);
});

let replacing = null;
document.addEventListener("change", (event) => {
  if (event.target.id === "files") take([...event.target.files]);
  else if (event.target.id === "replacement") take([...event.target.files], replacing);
  else return;
  event.target.value = "";
});
action("replace", (button) => {
  replacing = button.dataset.name;
  document.getElementById("replacement").click();
});
action("reread", (button) => send("reread", { ...wanted(), name: button.dataset.name }));

const asking = () => document.getElementById("confirm");
action("remove", (button) => {
  asking().querySelector("h2").textContent = button.dataset.ask;
  asking().querySelector("p").textContent = button.dataset.detail;
  asking().dataset.target = button.dataset.target;
  asking().dataset.name = button.closest("tr").querySelector(".row-title")?.textContent ?? button.dataset.target;
  asking().showModal();
});
action("close-confirm", () => asking().close());
action("confirm", () => {
  const { target, name } = asking().dataset;
  asking().close();
  send("remove", { ...wanted(), target, name });
});

action("compare-pair", (button) => {
  const form = document.getElementById("compare-form");
  form.left.value = button.dataset.left;
  form.right.value = button.dataset.right;
  send("compare", { left: button.dataset.left, right: button.dataset.right });
});
onRedraw("compared", (block) => block.querySelector(".compared")?.scrollIntoView({ block: "nearest" }));

onView("status", () => send("status"));
