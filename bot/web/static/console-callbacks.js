// SPDX-License-Identifier: Apache-2.0
// The calls to make, live: never under somebody who is choosing how one went.

import { listen, refresh } from "./console.js";

const main = document.getElementById("main");
const choosing = () => document.activeElement?.closest("#callbacks form") !== null;
const bring = () => refresh("/staff/callbacks/list", "callbacks", () => !choosing());

listen("/staff/events", main.dataset.newest, { up: bring, callback: bring });
