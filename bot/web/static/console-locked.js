// SPDX-License-Identifier: Apache-2.0
// A page that was opened while the console is locked: it only keeps the worker counted as there.

const source = new EventSource("/staff/locked/events");
const news = document.getElementById("lock-news");
source.addEventListener("news", (event) => (news.textContent = JSON.parse(event.data).text));
source.addEventListener("over", () => window.location.assign("/staff/sign-in"));
document.getElementById("unlock-pin").focus();
