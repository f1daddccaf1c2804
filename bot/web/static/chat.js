// SPDX-License-Identifier: Apache-2.0
// The chat with a script: the same page, live. Without it the forms do the same work.

import { watch } from "./idle.js";
import { follow } from "./live.js";
import { AGAIN, call, send } from "./send.js";
import * as view from "./view.js";

const LONGEST = 4000;
const SLOW = 1500;
const TOGETHER = 1000; // messages that come within this time are one answer
const HAND = 700; // what moves under a double click's second half was not meant
const main = document.getElementById("main");
const words = document.getElementById("words").dataset;
const box = document.getElementById("text");
const at = (id) => document.getElementById(id);
const chat = {
  url: main.dataset.url,
  csrf: main.dataset.csrf,
  newest: Number(main.dataset.newest),
  state: main.dataset.state,
};
let underWay = 0;
let chosen = -HAND;
let moved = -TOGETHER;

const tell = (id, text) => at(id).textContent !== text && (at(id).textContent = text);

function onState(state) {
  if (state === chat.state) return;
  chat.state = state;
  tell("state", { waiting: words.waiting, staff: words.staff }[state] || "");
  at("person")?.toggleAttribute("hidden", state !== "assistant");
  if (state === "staff" || state === "ended") view.withdrawOffer();
  if (state === "ended") shut();
}

function shut() {
  for (const id of ["say", "later"]) at(id)?.remove();
  at("new").hidden = false;
}

function gone() {
  live?.stop();
  view.withdrawOffer();
  tell("state", words.gone);
  shut();
}

function onMessage(message) {
  chat.newest = Math.max(chat.newest, message.id);
  if (view.has(message.id)) return null;
  const follows = view.nearEnd();
  view.forgetNotes();
  if (message.from === "person") {
    const known = view.adopt(message);
    if (!known && message.id === chat.newest) view.withdrawOffer();
    return known || view.show(message);
  }
  const node = view.show(message);
  const open = chat.state !== "staff" && chat.state !== "ended";
  if (open && message.choices.length && message.id === chat.newest) view.offer(message);
  // Somebody who reads further up is left where they are.
  if (follows) reveal(node);
  return node;
}

// An answer of several messages is read from its first one, never from its end: "call 999" may
// be the first. So the page moves to what begins an answer and not to what follows it.
function reveal(node) {
  const now = performance.now();
  if (!underWay && now - moved > TOGETHER) view.scrollTo(node);
  if (!underWay) moved = now;
}

async function say(said, text) {
  const node = view.showOwn(text);
  tell("error", "");
  view.withdrawOffer();
  view.scrollTo(node);
  underWay += 1;
  const slow = setTimeout(() => tell("doing", words.pending), SLOW);
  const { status, found } = await send(chat, said, (answer, more) => {
    clearTimeout(slow);
    node.classList.add("not-sent");
    view.forgetNotes();
    if (answer.found.detail) view.note(answer.found.detail);
    tell("doing", more ? words.notSent : "");
  });
  clearTimeout(slow);
  underWay -= 1;
  moved = performance.now();
  tell("doing", "");
  if (status === 200) return arrived(node, found);
  if ([401, 404, 410].includes(status)) return gone();
  if (status && !AGAIN.includes(status)) return refused(node, said, text, found.detail);
  return offerAgain(node, said, text);
}

function arrived(node, found) {
  node.classList.remove("not-sent");
  view.forgetNotes();
  // Until the live line brings its own number, it stands just before what answers it.
  const first = found.messages[0];
  if (first && "pending" in node.dataset) node.dataset.id = first.id - 0.5;
  found.messages.forEach(onMessage);
  onState(found.state);
  if (!underWay) view.scrollTo(node);
}

// Nothing that was typed is lost: words go back into the box when it is free.
function refused(node, said, text, detail) {
  tell("error", detail || words.failed);
  node.remove();
  if (said.text && !box.value) box.value = text;
  return offerStanding();
}

function offerAgain(node, said, text) {
  tell("error", words.failed);
  const again = document.createElement("button");
  again.type = "button";
  again.className = "button quiet";
  again.textContent = words.again;
  again.addEventListener("click", () => {
    node.remove();
    say(said, text);
  });
  node.append(again);
}

// What is still on offer after an answer was refused: the choices since the person last spoke.
async function offerStanding() {
  const { status, found } = await call(chat, "/messages").catch(() => ({ status: 0 }));
  if (status !== 200 || !["assistant", "waiting"].includes(found.state)) return;
  const own = found.messages.findLastIndex((one) => one.from === "person");
  const open = found.messages.findLast((one, at) => at > own && one.choices.length);
  if (open) view.offer(open);
}

at("say")?.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = box.value.trim();
  if (!text) return underWay ? null : tell("error", words.empty);
  if (box.value.length > LONGEST) return tell("error", words.long);
  box.value = "";
  count();
  say({ text, seen: Math.floor(chat.newest) }, text);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches(".answers")) return;
  event.preventDefault();
  if (performance.now() - chosen < HAND) return;
  chosen = performance.now();
  const button = event.submitter;
  const boxes = [...form.querySelectorAll("input[name=keep]")];
  const without = boxes.filter((one) => !one.checked).map((one) => one.value);
  const choice = form.id === "ask" ? `${Math.floor(chat.newest)}-person` : button.value;
  say(without.length ? { choice, without } : { choice }, button.textContent.trim());
  at("log").focus({ preventScroll: true }); // the button that had the focus is gone
});

at("later")?.querySelector("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const wish = event.submitter?.name === "phone" ? { phone: true } : {};
  const answer = await call(chat, "/resume-code", wish).catch(() => ({ found: {} }));
  const { code, phone_code: byPhone, detail } = answer.found;
  tell("code", code ? words.code.replace("-", () => code) : detail || words.offline);
  const pairs = byPhone?.replace(/..(?=.)/g, "$& ");
  tell("phone-code", pairs ? words.phoneCode.replace("-", () => pairs) : "");
});

function count() {
  const left = LONGEST - box.value.length;
  at("left").hidden = left > 500;
  if (left <= 500) tell("left", words.left.replace("-", () => left));
}

if (box) {
  box.removeAttribute("maxlength"); // a paste that is too long is said to be, not cut
  box.addEventListener("input", count);
  box.addEventListener("keydown", (event) => {
    const plain = event.key === "Enter" && !event.shiftKey && !event.isComposing;
    if (!plain || !matchMedia("(pointer: fine)").matches) return;
    event.preventDefault();
    box.form.requestSubmit();
  });
}

function connection(fine) {
  if (!fine) tell("doing", words.offline);
  else if (at("doing").textContent === words.offline) tell("doing", "");
}

const live =
  chat.state === "ended"
    ? null
    : follow(chat, {
        message: onMessage,
        state: onState,
        gone,
        connection,
      });
view.scrollTo(at("latest"));
watch(Number(main.dataset.idle));
main.dataset.live = ""; // from here on the script answers, not the plain forms
