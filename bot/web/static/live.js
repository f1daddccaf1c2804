// SPDX-License-Identifier: Apache-2.0
// Follows the conversation: server-sent events, and plain questions where those do not get through.

import { call } from "./send.js";

const POLL = 5000;
const SILENT = 4000; // a connection away for less is nothing to worry anybody with

export function follow(chat, on) {
  let source = null;
  let silent = 0;
  let poll = 0;
  let stopped = false;
  // The newest number that came this way. Answers to a post run ahead of it and must not move it:
  // what lies between, such as the person's own words, would never come.
  let last = chat.newest;

  function take(message) {
    last = Math.max(last, message.id);
    on.message(message);
  }

  const up = () => {
    clearTimeout(silent);
    silent = 0;
    on.connection(true);
  };
  const down = () => {
    if (!silent) silent = setTimeout(() => on.connection(false), SILENT);
  };

  function open() {
    if (stopped) return;
    source = new EventSource(`${chat.url}/events?after=${last}`);
    source.onopen = up;
    source.addEventListener("message", (event) => take(JSON.parse(event.data)));
    source.addEventListener("state", (event) => on.state(JSON.parse(event.data).state));
    source.onerror = () => {
      down();
      // The browser connects again by itself unless it was refused; then we find out why.
      if (source.readyState === EventSource.CLOSED) ask();
    };
  }

  async function ask() {
    clearTimeout(poll);
    if (stopped) return;
    try {
      const { status, found } = await call(chat, `/messages?after=${last}`);
      if ([401, 404, 410].includes(status)) return on.gone();
      if (status === 200) {
        up();
        found.messages.forEach(take);
        on.state(found.state);
        if (source?.readyState === EventSource.CLOSED) open();
        return;
      }
    } catch {
      down();
    }
    poll = setTimeout(ask, POLL);
  }

  function stop() {
    stopped = true;
    source?.close();
    clearTimeout(poll);
    clearTimeout(silent);
  }

  window.addEventListener("leaving", stop);
  window.addEventListener("pagehide", () => source?.close());
  window.addEventListener("pageshow", (event) => event.persisted && ask());
  open();
  return { stop, ask };
}
