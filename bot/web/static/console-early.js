// SPDX-License-Identifier: Apache-2.0
// Keys pressed before the page's own script is ready wait for it: keys() in console.js takes them.

// Who wants no times in the queue sees none, not even for a moment.
if (sessionStorage.getItem("console-uncounted")) document.documentElement.classList.add("uncounted");

window.earlyKeys = [];
document.addEventListener("keydown", (event) => window.earlyKeys?.push(event));
