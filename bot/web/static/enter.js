// SPDX-License-Identifier: Apache-2.0
// Starting a chat without a new entry in the history: the way in, undone by the way out.

for (const form of document.querySelectorAll("form.enter")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    enter(form);
  });
}

async function enter(form) {
  const button = form.querySelector("button");
  const error = form.querySelector(".error");
  button.disabled = true;
  error.textContent = "";
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      redirect: "manual", // the chat itself is opened by the line below
    });
    if (answer.type === "opaqueredirect") return location.replace("/chat");
    error.textContent = await answer.text();
  } catch {
    form.submit(); // the browser's own page says that there is no connection
  }
  button.disabled = false;
}
