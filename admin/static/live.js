// Parts of a page that change while one looks at them.
//
// The server says only *that* something changed; the page then fetches its own part again, so that words, rights and
// language are decided in one place. An element with data-live="ADDRESS" data-topics="phones calls" is such a part.
"use strict";

(() => {
  const parts = [...document.querySelectorAll("[data-live]")];
  const fetching = new Map();

  const refresh = async (part) => {
    if (fetching.get(part)) { fetching.set(part, "again"); return; }
    fetching.set(part, "now");
    try {
      const answer = await fetch(part.dataset.live, { headers: { "X-Requested-With": "live" } });
      if (answer.ok && !answer.redirected) replace(part, await answer.text());
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // the network went away: the stream below notices
    }
    const again = fetching.get(part) === "again";
    fetching.delete(part);
    if (again) refresh(part);
  };

  const replace = (part, html) => {
    if (part.dataset.last === html) return;
    part.dataset.last = html;
    // What somebody types or holds with the keyboard survives the exchange.
    const held = part.contains(document.activeElement) ? document.activeElement : null;
    const typed = new Map([...part.querySelectorAll(":is(input, select)[id]")].map((input) => [input.id, input.value]));
    part.innerHTML = html;
    for (const [id, value] of typed) {
      const input = document.getElementById(id);
      if (input && input.type !== "hidden") input.value = value;
    }
    if (held && held.id) document.getElementById(held.id)?.focus();
    document.dispatchEvent(new Event("replaced"));
    tick();
  };

  // Orders inside a part are sent without leaving the page; the answer is the part as it is now.
  document.addEventListener("submit", async (event) => {
    const form = event.target.closest("form[data-order]");
    const part = form && form.closest("[data-live]");
    if (!part) return;
    event.preventDefault();
    const order = new FormData(form, event.submitter);
    for (const input of form.querySelectorAll("input:not([type=hidden])")) input.value = "";
    const answer = await fetch(form.action, { method: "POST", body: order, headers: { "X-Requested-With": "live" } });
    if (answer.ok && !answer.redirected) replace(part, await answer.text());
    else location.reload();
  });

  // 1:05, 1:06, … for everything that goes on. The server's clock counts, not the browser's.
  let ahead = 0;
  const tick = () => {
    const now = Date.now() / 1000 - ahead;
    for (const clock of document.querySelectorAll("[data-since]")) {
      const seconds = Math.max(0, Math.floor(now - Number(clock.dataset.since)));
      const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
      const two = (figure) => String(figure).padStart(2, "0");
      clock.textContent = hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
    }
  };
  setInterval(tick, 1000);

  const address = document.body.dataset.stream;
  if (!address || !parts.length) return;
  const stream = new EventSource(address);
  stream.addEventListener("open", () => parts.forEach(refresh)); // what happened before we listened
  stream.addEventListener("clock", (event) => { ahead = Date.now() / 1000 - Number(event.data); });
  stream.addEventListener("changed", (event) => {
    const topics = event.data.split(" ");
    for (const part of parts) {
      if (part.dataset.topics.split(" ").some((topic) => topics.includes(topic))) refresh(part);
    }
  });
  addEventListener("pagehide", () => stream.close());
})();
