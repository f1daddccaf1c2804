// SPDX-License-Identifier: Apache-2.0
// Hides the messages behind a neutral screen once nobody has touched the page for a while.

export function watch(seconds) {
  const screen = document.getElementById("idle");
  const main = document.getElementById("main");
  const button = screen.querySelector("button");
  let touched = Date.now();
  let before = null;
  let timer = 0;

  const rest = () => touched + seconds * 1000 - Date.now();
  function check() {
    clearTimeout(timer);
    if (!screen.hidden) return;
    if (rest() > 0) {
      timer = setTimeout(check, rest() + 50);
      return;
    }
    before = document.activeElement;
    main.hidden = true;
    screen.hidden = false;
  }
  function touch() {
    if (screen.hidden) touched = Date.now();
  }

  for (const kind of ["pointerdown", "keydown", "scroll", "input"]) {
    document.addEventListener(kind, touch, { passive: true, capture: true });
  }
  // A device that slept has not counted the time.
  document.addEventListener("visibilitychange", check);
  button.addEventListener("click", () => {
    screen.hidden = true;
    main.hidden = false;
    touched = Date.now();
    if (main.contains(before)) before.focus({ preventScroll: true });
    check();
  });
  check();
}
