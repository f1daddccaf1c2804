// SPDX-License-Identifier: Apache-2.0
// A conversation, live: what the person writes, what the screen hears, and what the worker sends.

import { keys, listen, post, refresh, say } from "./console.js";

const main = document.getElementById("main");
const log = document.getElementById("log");
const latest = document.getElementById("latest");
const form = document.getElementById("say");
const emergency = document.getElementById("emergency");
const text = document.getElementById("text");
const dueBox = document.getElementById("due-box");
const canned = document.getElementById("canned");
const url = main.dataset.person;

// -- what comes in --------------------------------------------------------------------------------

function draw(one) {
  const blank = document.getElementById(one.kind === "flag" ? "blank-flag" : "blank-entry");
  const node = blank.content.firstElementChild.cloneNode(true);
  node.id = `entry-${one.id}`;
  node.querySelector("time").textContent = one.time;
  if (one.kind === "flag") {
    node.querySelector(".text strong").textContent = one.text;
    node.querySelector(".why").textContent = one.why;
    return node;
  }
  node.classList.replace("of-person", `of-${one.from}`);
  node.querySelector(".who span").textContent = one.who;
  node.querySelector(".text").textContent = one.text;
  return node;
}

function entry(one) {
  if (document.getElementById(`entry-${one.id}`)) return;
  latest.before(draw(one));
  if (one.kind === "flag") heard(one);
  if (one.emergency) sent();
  if (following) toEnd();
}

// The newest line stays in view, unless the worker has scrolled up to read.
let following = true;
const toEnd = () => {
  log.scrollTop = log.scrollHeight;
};
log.addEventListener("scroll", () => {
  following = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
});
new ResizeObserver(() => following && toEnd()).observe(log);

// -- danger while we talk -------------------------------------------------------------------------

let left = 0;
let counting = 0;

function heard(one) {
  refresh(`${url}/flags`, "flags");
  if (one.sends) countDown(Number(main.dataset.within));
}

// Announced once; after that only the number moves, which no screen reader is made to repeat.
function countDown(seconds) {
  clearInterval(counting);
  left = seconds;
  dueBox.hidden = false;
  say("Danger was heard. The emergency words go by themselves in a few seconds. F9 sends them now.", "due");
  const tick = () => {
    say(left > 0 ? `${left} s` : "now", "due-left");
    left -= 1;
  };
  tick();
  counting = setInterval(tick, 1000);
}

function sent() {
  clearInterval(counting);
  dueBox.hidden = true;
  say("", "due");
  say("Emergency words were sent.", "emergency-said");
}

// -- what goes out --------------------------------------------------------------------------------

const problem = (detail) => say(detail || "", "problem");

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const { submitter } = event;
  if (submitter?.classList.contains("reply")) return take(submitter);
  if (!text.value.trim() || form.dataset.sending) return;
  form.dataset.sending = "yes";
  const words = text.value;
  const found = await post(form);
  delete form.dataset.sending;
  if (!found.ok) return problem(found.detail); // the words stay in the box, under the same number
  problem("");
  // What was written meanwhile is the next message.
  text.value = text.value === words ? "" : text.value.replace(words, "").trimStart();
  form.elements.client_id.value = crypto.randomUUID();
  toEnd();
});

text?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  form.requestSubmit();
});

emergency?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = emergency.querySelector("button");
  if (button.disabled) return;
  button.disabled = true; // a hand that shakes presses twice
  const found = await post(emergency);
  problem(found.ok ? "" : found.detail);
  if (found.ok) sent();
  setTimeout(() => (button.disabled = false), found.ok ? 3000 : 0);
});

function take(reply) {
  text.value = [text.value.trim(), reply.dataset.text].filter(Boolean).join("\n");
  canned.open = false;
  text.focus();
}

const find = document.getElementById("find");

function openCanned() {
  if (!canned) return;
  canned.open = true;
  find.value = "";
  sift();
  canned.querySelector("ul").scrollTop = 0;
  find.focus();
}

// Every word that is looked for stands somewhere in the reply, in any order.
function sift() {
  const words = find.value.toLowerCase().split(/\s+/);
  for (const item of canned.querySelectorAll("li")) {
    const held = item.textContent.toLowerCase();
    item.hidden = !words.every((word) => held.includes(word));
  }
}
find?.addEventListener("input", sift);

canned?.addEventListener("keydown", (event) => {
  const all = [...canned.querySelectorAll("li:not([hidden]) .reply")];
  if (event.key === "Enter" && event.target === find) {
    event.preventDefault();
    return all[0] && take(all[0]);
  }
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!by || !(event.target === find || event.target.classList.contains("reply"))) return;
  event.preventDefault();
  const next = all.indexOf(event.target) + by;
  (next < 0 ? find : all[Math.min(next, all.length - 1)])?.focus();
});

// -- verdicts -------------------------------------------------------------------------------------

main.addEventListener("submit", async (event) => {
  if (!event.target.classList.contains("verdict")) return;
  event.preventDefault();
  const flag = event.target.closest("[data-open]");
  delete flag?.dataset.open; // the next key is for the next flag, also while this one is sent
  const found = await post(event.target, event.submitter);
  problem(found.ok ? "" : found.detail);
  if (found.ok) await refresh(`${url}/flags`, "flags");
  else if (flag) flag.dataset.open = "";
});

// -- what is written down, and who else is here -----------------------------------------------------

main.addEventListener("submit", async (event) => {
  const kept = event.target;
  if (!kept.matches(".write, .note-done, .beside")) return;
  event.preventDefault();
  const found = await post(kept, event.submitter);
  problem(found.ok ? "" : found.detail);
  if (!found.ok) return;
  if (kept.matches(".beside")) return refresh(`${url}/company`, "company");
  if (kept.matches(".write")) {
    kept.reset();
    kept.elements.client_id.value = crypto.randomUUID();
    document.getElementById("rang").open = false;
    text?.focus();
  }
  await refresh(`${url}/notes`, "notes");
});

function writeDown() {
  const note = document.getElementById("note");
  note.scrollIntoView({ block: "nearest" });
  note.focus();
}

function rang() {
  document.getElementById("rang").open = true;
  document.getElementById("rang-reference").focus();
}

const verdict = (value) => () =>
  document.querySelector(`#flags [data-open] button[value="${value}"]`)?.click();

// Ending needs a verdict on each flag; said here, so that a half-written message is not lost.
document.getElementById("end")?.addEventListener("submit", (event) => {
  if (!document.querySelector("#flags [data-open]")) return;
  event.preventDefault();
  problem("First say of each flag whether it was right, wrong or old.");
  document.querySelector("#flags [data-open] button").focus();
});

// Whoever stands in danger is not let go of by one click: it is asked once more, and "no" is first
// under the hand, so that a key pressed twice keeps them.
for (const one of document.querySelectorAll("form.lets-go")) {
  const asked = one.querySelector(".sure");
  const no = asked.querySelector("a");
  const close = (event) => {
    event.preventDefault();
    asked.hidden = true;
    one.querySelector("button").focus();
  };
  one.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.submitter?.name === "sure") return;
    if ("closed" in one.dataset || !document.querySelector("#flags [data-stands]")) return;
    event.preventDefault();
    asked.hidden = false;
    no.focus();
  });
  no.addEventListener("click", close);
  asked.addEventListener("keydown", (event) => event.key === "Escape" && close(event));
}

keys({
  F9: () => emergency?.requestSubmit(),
  m: () => text?.focus(),
  c: openCanned,
  r: verdict("right"),
  w: verdict("wrong"),
  o: verdict("old"),
  n: writeDown,
  9: rang,
  q: () => window.location.assign("/staff"),
});
listen(`${url}/events`, main.dataset.newest, {
  entry,
  person: (one) => say(one.text, "person"),
  note: () => refresh(`${url}/notes`, "notes"),
  company: () => refresh(`${url}/company`, "company"),
});
if (Number(dueBox.dataset.due) > 0) countDown(Number(dueBox.dataset.due));
