// SPDX-License-Identifier: Apache-2.0
// The list of a shift needs keys only: it is drawn anew when it is opened.

import { keys } from "./console.js";

keys({
  "/": () => document.getElementById("asked").focus(),
  q: () => window.location.assign("/staff"),
});
