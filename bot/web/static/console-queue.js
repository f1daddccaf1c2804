// SPDX-License-Identifier: Apache-2.0
// The queue, live: it counts the waiting time on and changes as the queue does.

import { flip, keys, listen, refresh, say } from "./console.js";

const main = document.getElementById("main");
const CALM = 1500; // rows do not move under a pointer that moved this short a while ago
const AGAIN = 30000; // also asks by itself, should an event be missed

let ahead = 0; // this computer's clock less the service's
let moved = 0;
let waiting = 0;

function lasting(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  const two = (number) => String(number).padStart(2, "0");
  return hours ? `${hours} h ${two(minutes)} min` : `${minutes} min ${two(whole % 60)} s`;
}

function count() {
  const now = Date.now() / 1000 - ahead;
  for (const time of document.querySelectorAll("[data-since]")) {
    const text = lasting(now - Number(time.dataset.since));
    if (time.textContent !== text) time.textContent = text;
  }
}

function set() {
  ahead = Date.now() / 1000 - Number(document.getElementById("queue").dataset.now);
  count();
}

async function bring(part, still) {
  const status = await refresh(`/staff/${part}`, part, still);
  if (status === 200) return set();
  if (still && !still()) return bringQueue(); // they moved while it was fetched
  if (status === 401) say("You are signed out. Open this page again to sign in.");
}

// A worker who is about to press a button presses the one they see.
function bringQueue() {
  clearTimeout(waiting);
  const left = CALM - (Date.now() - moved);
  if (left <= 0) bring("queue", () => Date.now() - moved >= CALM);
  else waiting = setTimeout(bringQueue, left);
}

main.addEventListener("pointermove", (event) => {
  if (event.target.closest("#queue tbody")) moved = Date.now();
});

function step(by) {
  const stops = [...document.querySelectorAll("#queue .do a, #queue .do button")];
  if (!stops.length) return;
  const at = stops.indexOf(document.activeElement);
  const next = at < 0 ? (by > 0 ? 0 : stops.length - 1) : at + by;
  stops[Math.min(Math.max(next, 0), stops.length - 1)].focus();
}

// Some work better without a clock beside each person: off for this worker, till the browser is shut.
const UNCOUNTED = "console-uncounted";
const counts = document.getElementById("count-on");
counts.checked = sessionStorage.getItem(UNCOUNTED) !== main.dataset.me;

function showTimes() {
  document.documentElement.classList.toggle("uncounted", !counts.checked);
  if (counts.checked) sessionStorage.removeItem(UNCOUNTED);
  else sessionStorage.setItem(UNCOUNTED, main.dataset.me);
}

counts.addEventListener("change", showTimes);
showTimes();
set();
setInterval(count, 1000);
setInterval(bringQueue, AGAIN);
document.addEventListener("availability", bringQueue);
keys({ j: () => step(1), k: () => step(-1), a: flip, s: () => window.location.assign("/staff/shift") });
listen("/staff/events", main.dataset.newest, {
  up: bringQueue,
  queue: () => {
    bringQueue();
    bring("calls");
  },
  referral: () => bring("referrals"),
  callback: () => bring("callbacks-due"),
});
