// SPDX-License-Identifier: Apache-2.0
// The list of a shift says that it is no longer the newest, and moves nothing under who reads it:
// each look at it is in the audit, so it is drawn anew by hand.

import { keys, listen } from "./console.js";

const main = document.getElementById("main");
const older = () => {
  document.getElementById("older").hidden = false;
};

listen("/staff/events", main.dataset.newest, { queue: older, callback: older, note: older, referral: older });

keys({
  "/": () => document.getElementById("asked").focus(),
  q: () => window.location.assign("/staff"),
});
