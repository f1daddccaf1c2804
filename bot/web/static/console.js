// SPDX-License-Identifier: Apache-2.0
// What every page of the console shares: asking, listening, keys. Words are only set as text.

const RETRY = 2000;
const SILENT = 3000; // a line away for less is nothing to tell anybody
const line = document.getElementById("line");
const KEYS_OFF = "console-keys-off";

document.documentElement.classList.add("js");

export function say(text, id = "line") {
  const place = document.getElementById(id);
  if (place && place.textContent !== text) place.textContent = text;
}

// Sends a form and returns what came of it; a line that is down is an answer too.
export async function post(form, submitter) {
  const body = new URLSearchParams(new FormData(form, submitter));
  try {
    const answer = await fetch(submitter?.hasAttribute("formaction") ? submitter.formAction : form.action, {
      method: "POST",
      body,
      headers: { Accept: "application/json" },
    });
    const found = await answer.json();
    return { ok: answer.ok, status: answer.status, ...found };
  } catch {
    return { ok: false, status: 0, detail: "Not sent: the line is down. Try again in a moment." };
  }
}

// Brings one part of the page up to date with the server's own markup. Where `still` says no by
// then, nothing moves and the answer is 0.
export function refresh(url, id, still = () => true) {
  return new Promise((settled) => {
    const ask = new XMLHttpRequest();
    ask.open("GET", url);
    ask.responseType = "document";
    ask.onload = () => {
      if (!still()) return settled(0);
      const fresh = ask.status === 200 && ask.response?.getElementById(id);
      if (fresh) swap(document.getElementById(id), document.importNode(fresh, true));
      settled(ask.status);
    };
    ask.onerror = () => settled(0);
    ask.send();
  });
}

// Whoever stood on a button still stands on it afterwards.
function swap(old, fresh) {
  const stood = old.contains(document.activeElement) ? document.activeElement : null;
  const position = stood ? [...old.querySelectorAll("a, button")].indexOf(stood) : -1;
  old.replaceWith(fresh);
  if (!stood) return;
  const same = stood.id && document.getElementById(stood.id);
  (same || fresh.querySelectorAll("a, button")[position])?.focus();
}

// Follows a page's events; a lost line says so, comes back by itself and catches up.
export function listen(url, newest, on) {
  let last = newest;
  let source = null;
  let silent = 0;

  const up = () => {
    clearTimeout(silent);
    silent = 0;
    say("");
    on.up?.();
  };
  const down = () => {
    silent ||= setTimeout(() => say("Connection lost, catching up."), SILENT);
  };
  const take = (name, event) => {
    last = event.lastEventId || last;
    on[name](JSON.parse(event.data));
  };

  function open() {
    source = new EventSource(`${url}?after=${last}`);
    for (const name of Object.keys(on).filter((n) => n !== "up")) {
      source.addEventListener(name, (event) => take(name, event));
    }
    source.onopen = up;
    source.onerror = () => {
      down();
      if (source.readyState !== EventSource.CLOSED) return;
      if (!document.body.classList.contains("is-locked")) setTimeout(open, RETRY);
    };
    source.addEventListener("over", (event) => {
      const found = JSON.parse(event.data);
      source.close();
      clearTimeout(silent);
      silent = 0;
      if (found.code === "locked") return document.dispatchEvent(new Event("console-shut"));
      over(found);
    });
  }

  // A locked page hears nothing; opened again it catches up with what came meanwhile.
  document.addEventListener("console-locked", () => source.close());
  document.addEventListener("console-unlocked", open);

  function over(found) {
    say(found.detail);
    const link = document.createElement("a");
    const out = found.code === "signed_out";
    link.href = out ? "/staff/sign-in" : "/staff";
    link.textContent = out ? "Sign in" : "Back to the queue";
    line.append(" ", link);
    for (const button of document.querySelectorAll("main button")) button.disabled = true;
    on.gone?.();
  }

  // A page that goes takes its line with it: the service then knows that nobody is there.
  window.addEventListener("pagehide", () => source?.close());
  window.addEventListener("pageshow", (event) => event.persisted && window.location.reload());
  open();
}

// Single keys: never while somebody writes, never with a modifier, and they can be turned off.
// What was pressed before this script was there counts too.
export function keys(map) {
  const press = (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    const writing = event.target.closest?.("input, textarea, select, dialog");
    if (event.key === "Escape" && writing) document.activeElement.blur();
    const letter = event.key.length === 1;
    if (letter && (writing || localStorage.getItem(KEYS_OFF))) return;
    const act = { "?": openKeys, l: lock }[event.key] ?? map[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };
  document.addEventListener("keydown", press);
  const early = window.earlyKeys ?? [];
  window.earlyKeys = null;
  early.forEach(press);
}

const dialog = document.getElementById("keys");
const openKeys = () => dialog.showModal();
const lock = () => document.dispatchEvent(new Event("console-lock"));
const box = document.getElementById("keys-on");
box.checked = !localStorage.getItem(KEYS_OFF);
box.addEventListener("change", () => {
  if (box.checked) localStorage.removeItem(KEYS_OFF);
  else localStorage.setItem(KEYS_OFF, "yes");
});
document.getElementById("keys-open").addEventListener("click", openKeys);
document.getElementById("keys-close").addEventListener("click", () => dialog.close());

// The switch in the head of the page: flipped without leaving a half-written message.
const there = document.getElementById("available");
there?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const found = await post(there);
  if (!found.ok) return say(found.detail);
  const now = found.available ? "yes" : "no";
  there.elements.available.value = found.available ? "no" : "yes";
  for (const part of there.querySelectorAll("[data-yes]")) part.textContent = part.dataset[now];
  document.dispatchEvent(new Event("availability"));
});
export const flip = () => there?.requestSubmit();
