// SPDX-License-Identifier: Apache-2.0
// Keys pressed before the page's own script is ready wait for it: keys() in console.js takes them.

window.earlyKeys = [];
document.addEventListener("keydown", (event) => window.earlyKeys?.push(event));
