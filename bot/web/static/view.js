// SPDX-License-Identifier: Apache-2.0
// Draws messages by copying the page's own templates. Words are only ever set as text.

const words = document.getElementById("words").dataset;
const log = document.getElementById("log");
const offers = document.getElementById("answers");

const copy = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);
const fill = (node, selector, text) => (node.querySelector(selector).textContent = text);
const webPage = (url) => /^https?:\/\//.test(url || "");

function keep(node, selector, wanted) {
  const part = node.querySelector(selector);
  if (wanted) return part;
  (part.closest(".ways > li") || part).remove();
  return null;
}

function serviceCard(one) {
  const node = copy("service");
  fill(node, ".name", one.name);
  fill(node, ".why", one.why);
  keep(node, ".open", one.open_now === true);
  keep(node, ".closed", one.open_now === false);
  keep(node, ".unknown-hours", one.open_now === null && (one.phone || one.text));
  keep(node, ".free", one.free);
  const phone = keep(node, ".phone", one.phone);
  if (phone) {
    phone.href = `tel:${one.phone.replaceAll(" ", "")}`;
    phone.textContent = words.call.replace("-", () => one.phone);
  }
  const sms = keep(node, ".sms", one.text);
  if (sms) sms.textContent = words.text.replace("-", () => one.text);
  const site = keep(node, ".site", webPage(one.url));
  if (site) {
    site.href = one.url;
    fill(site, ".of", one.name);
  }
  return node;
}

function lineItem(id, one) {
  const node = copy(id);
  fill(node, ".label", one.label);
  fill(node, ".value", one.text);
  for (const input of node.querySelectorAll("input")) input.value = one.id;
  return node;
}

function bubble(message) {
  const node = copy(`message-${message.from}`);
  node.classList.replace("kind-text", `kind-${message.kind}`);
  keep(node, ".urgent-label", message.kind === "urgent");
  fill(node, ".text", message.text);
  const lines = keep(node, ".lines", message.lines.length);
  lines?.append(...message.lines.map((one) => lineItem("line", one)));
  const services = keep(node, ".services", message.services.length);
  services?.append(...message.services.map(serviceCard));
  return node;
}

// Where a message belongs: before the first one with a higher number.
function place(node, id) {
  node.dataset.id = id;
  const later = [...log.children].find((one) => Number(one.dataset.id) > id);
  log.insertBefore(node, later || null);
}

export function has(id) {
  return log.querySelector(`[data-id="${id}"]`) !== null;
}

export function show(message) {
  const node = bubble(message);
  place(node, message.id);
  return node;
}

// What the person just sent, before the server has given it a number.
export function showOwn(text) {
  const node = bubble({ from: "person", kind: "text", text, lines: [], services: [] });
  node.dataset.pending = "";
  log.append(node);
  return node;
}

// The server's own record of it takes its place. Matched by its words, else the oldest.
export function adopt(message) {
  const waiting = [...log.querySelectorAll("[data-pending]")];
  const text = (node) => node.querySelector(".text").textContent;
  const node = waiting.find((one) => text(one) === message.text) || waiting[0];
  if (!node) return null;
  delete node.dataset.pending;
  fill(node, ".text", message.text);
  place(node, message.id);
  return node;
}

// Words that answer a refusal. They have no number because nothing was kept.
export function note(text) {
  const node = bubble({ from: "system", kind: "urgent", text, lines: [], services: [] });
  node.classList.add("note");
  log.append(node);
  return node;
}

export function forgetNotes() {
  for (const node of log.querySelectorAll(".note")) node.remove();
}

export function offer(message) {
  const form = copy("offer");
  const strikes = form.querySelector(".strikes");
  strikes.hidden = !message.lines.length;
  strikes.querySelector("ul").append(...message.lines.map((one) => lineItem("strike", one)));
  const choices = message.choices.map((choice) => {
    const node = copy("answer");
    const button = node.querySelector("button");
    button.value = choice.id;
    button.textContent = choice.label;
    return node;
  });
  form.querySelector(".choices").append(...choices);
  offers.replaceChildren(form);
  const shown = log.querySelector(`[data-id="${message.id}"] .lines`);
  if (shown) shown.hidden = true;
}

export function withdrawOffer() {
  offers.replaceChildren();
  for (const lines of log.querySelectorAll(".lines[hidden]")) lines.hidden = false;
}

// The new part's first line goes to the top, so that a long answer is read from its beginning.
export function scrollTo(node) {
  node?.scrollIntoView({ block: "start" });
}

export function nearEnd() {
  const page = document.documentElement;
  return page.scrollHeight - window.scrollY - window.innerHeight < window.innerHeight;
}
