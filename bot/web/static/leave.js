// SPDX-License-Identifier: Apache-2.0
// The way out: at once, whatever the network does, and leaving nothing behind for the Back button.

const WITHIN = 5000; // the three presses of Shift, milliseconds between two of them
const form = document.getElementById("leave");
const status = document.getElementById("leave-status");
const dots = form.querySelectorAll(".presses i");
// The other tabs of this browser show the same talk. A browser without this still leaves its own.
const tabs = window.BroadcastChannel ? new BroadcastChannel("leave") : null;
let leaving = false;
let presses = 0;
let alone = false;
let timer = 0;

export function leave() {
  if (leaving) return;
  leaving = true;
  const { url, beacon, leaving: words } = form.dataset;
  // Blank first. Taking the page apart also leaves nothing to show if the browser keeps it.
  document.documentElement.classList.add("left");
  const told = document.createElement("p");
  told.className = "unseen";
  told.setAttribute("role", "status");
  document.body.replaceChildren(told);
  told.textContent = words;
  window.dispatchEvent(new Event("leaving"));
  try {
    tabs?.postMessage("leave");
    if (!navigator.sendBeacon(beacon)) fetch(beacon, { method: "POST", keepalive: true });
  } catch {
    // Leaving never fails because telling the server did.
  }
  location.replace(url);
}

tabs?.addEventListener("message", leave);

function count(number) {
  presses = number;
  form.classList.toggle("pressing", number > 0);
  dots.forEach((dot, place) => dot.classList.toggle("on", place < number));
  clearTimeout(timer);
  if (number) timer = setTimeout(lapse, WITHIN);
}

function lapse() {
  count(0);
  status.textContent = form.dataset.lapsed;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  leave();
});

// Shift counts only when pressed by itself: writing capitals must not close the page.
document.addEventListener("keydown", (event) => {
  if (event.key === "Shift") {
    alone = alone || !event.repeat;
    return;
  }
  alone = false;
  if (presses) count(0);
});
document.addEventListener("pointerdown", () => (alone = false));
document.addEventListener("keyup", (event) => {
  if (event.key !== "Shift" || !alone) return;
  alone = false;
  count(presses + 1);
  if (presses >= 3) return leave();
  status.textContent = presses === 1 ? form.dataset.two : form.dataset.one;
});

// A page that the browser kept and brings back after leaving goes away again.
window.addEventListener("pageshow", (event) => {
  if (event.persisted && leaving) location.replace(form.dataset.url);
});

// Our pages share one place in the history, so that the Back button passes all of them by.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  const other = event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
  if (!link || other || event.defaultPrevented || link.target) return;
  if (link.origin !== location.origin || link.getAttribute("href").startsWith("#")) return;
  event.preventDefault();
  location.replace(link.href);
});
