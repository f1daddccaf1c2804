// SPDX-License-Identifier: Apache-2.0
// The lock: by a key, by a button, or by itself when nobody touches the page. What was half written
// stays in the page, out of sight; the service shows nothing more until the PIN is right.

import { post, say } from "./console.js";

const form = document.getElementById("lock");
const dialog = document.getElementById("locked");
const unlock = document.getElementById("unlock");
const after = Number(document.getElementById("lock-script").dataset.after) * 1000;
const EACH = 1000;
const AGAIN = 3000;
let locked = false;
let source = null;
let touched = Date.now();

function close() {
  locked = true;
  document.body.classList.add("is-locked");
  unlock.reset();
  say("", "unlock-problem");
  if (!dialog.open) dialog.showModal();
  document.dispatchEvent(new Event("console-locked"));
  source?.close();
  source = new EventSource("/staff/locked/events");
  source.addEventListener("news", (event) => say(JSON.parse(event.data).text, "lock-news"));
  source.addEventListener("over", () => window.location.assign("/staff/sign-in"));
}

function open() {
  locked = false;
  touched = Date.now();
  source?.close();
  dialog.close();
  document.body.classList.remove("is-locked");
  document.dispatchEvent(new Event("console-unlocked"));
}

async function lock() {
  if (locked) return;
  close();
  while (locked && !(await told())) await new Promise((soon) => setTimeout(soon, AGAIN));
}

// A line that is down hides the words all the same; the service is told as soon as it is there.
async function told() {
  const found = await post(form);
  return found.ok || found.code === "locked" || found.status === 401;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  lock();
});

unlock.addEventListener("submit", async (event) => {
  event.preventDefault();
  const found = await post(unlock);
  if (found.ok) return open();
  if (found.code === "signed_out") return window.location.assign("/staff/sign-in");
  unlock.elements.pin.value = "";
  unlock.elements.pin.focus();
  say(found.detail || "", "unlock-problem");
});

dialog.addEventListener("cancel", (event) => event.preventDefault());
dialog.addEventListener("close", () => locked && dialog.showModal());
document.addEventListener("console-lock", lock);
document.addEventListener("console-shut", () => !locked && close()); // locked in another window
for (const name of ["pointermove", "pointerdown", "keydown", "scroll"]) {
  document.addEventListener(name, () => (touched = Date.now()), { passive: true, capture: true });
}
setInterval(() => !locked && Date.now() - touched >= after && lock(), EACH);
