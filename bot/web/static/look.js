// SPDX-License-Identifier: Apache-2.0
// Looking through the directory without a new entry in the history: Back shows no answer again.

import { watch as hideWhenIdle } from "./idle.js";

const main = document.getElementById("main");

function watch() {
  const form = document.querySelector("form.look");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    look(form);
  });
}

function look(form) {
  // This kind of request, and not fetch, gives a document in which nothing runs.
  const asked = new XMLHttpRequest();
  asked.open("POST", form.action);
  asked.responseType = "document";
  asked.onload = () => show(form, asked.response);
  asked.onerror = () => form.submit(); // the browser's own page says that there is no connection
  asked.send(new URLSearchParams(new FormData(form)));
}

function show(form, answer) {
  const found = answer?.querySelector("#found");
  if (!found) return form.submit(); // a refusal has a page of its own
  main.replaceChildren(...answer.querySelector("main").childNodes);
  watch();
  document.getElementById("found").focus();
}

watch();
hideWhenIdle(Number(main.dataset.idle));
