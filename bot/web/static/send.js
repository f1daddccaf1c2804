// SPDX-License-Identifier: Apache-2.0
// Sends what the person said until it has arrived. The same client_id each time, so never twice.

const PAUSES = [1000, 2000, 4000, 8000, 15000];
export const AGAIN = [429, 500, 502, 503, 504];
const wait = (time) => new Promise((resolve) => setTimeout(resolve, time));

function clientId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("");
}

export async function call(chat, path, body) {
  const headers = { "X-CSRF-Token": chat.csrf };
  if (body) headers["Content-Type"] = "application/json";
  const answer = await fetch(chat.url + path, {
    method: body ? "POST" : "GET",
    headers,
    body: body && JSON.stringify(body),
    keepalive: Boolean(body), // on its way even if the page is closed meanwhile
  });
  const found = await answer.json().catch(() => ({}));
  return { status: answer.status, found };
}

// Tries until there is an answer or no pause is left. Nothing waits for another message: a cry
// for help that follows a slow question must not stand in line behind it.
export async function send(chat, said, trouble) {
  const body = { ...said, client_id: clientId() };
  let last = { status: 0, found: {} };
  for (let attempt = 0; attempt <= PAUSES.length; attempt += 1) {
    try {
      last = await call(chat, "/messages", body);
    } catch {
      last = { status: 0, found: {} };
    }
    if (last.status && !AGAIN.includes(last.status)) return last;
    trouble(last, attempt < PAUSES.length);
    if (attempt < PAUSES.length) await wait(PAUSES[attempt]);
  }
  return last;
}
