// The one screen: what is wrong is said while one types, Enter goes to the next row, free numbers are filled in.
// The server has the last word; this only spares the way there and back.
"use strict";

(() => {
  const form = document.getElementById("numbering");
  const fields = [...form.querySelectorAll("[data-number]")];
  const say = form.dataset;
  const reserved = new Set(say.reserved.split(" "));
  const others = say.others.split(" ").filter(Boolean);
  const told = (field) => field.closest("li").querySelector("[data-told]");
  const sentence = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const some = (numbers) => [...numbers.toSorted().slice(0, 3), ...(numbers.length > 3 ? ["…"] : [])].join(", ");
  // What the server said stays until the row is touched.
  const touched = new Set();

  // number -> how often it is typed; and for each beginning of a number, what goes on from there
  const survey = () => {
    const count = new Map(others.map((number) => [number, 1]));
    for (const { value } of fields) if (value) count.set(value, (count.get(value) ?? 0) + 1);
    const longer = new Map();
    for (const number of count.keys()) {
      if (number.length === 3) longer.set(number.slice(0, 2), [...(longer.get(number.slice(0, 2)) ?? []), number]);
    }
    return { count, longer };
  };

  const problem = (number, { count }) => {
    if (!number) return "";
    if (reserved.has(number)) return sentence(say.emergency, { number });
    if (!/^[0-9]{2,3}$/.test(number)) return say.format;
    if (others.includes(number)) return sentence(say.taken, { number });
    return count.get(number) > 1 ? sentence(say.twice, { number }) : "";
  };

  const notice = (number, { count, longer }) => {
    if (longer.has(number)) return sentence(say.waits, { number, others: some(longer.get(number)) });
    const shorter = number.slice(0, 2);
    return number.length === 3 && count.has(shorter) ? sentence(say.waits, { number: shorter, others: number }) : "";
  };

  const show = (field, kind, text) => {
    const place = told(field);
    if (place.textContent.trim() === text) return;
    place.replaceChildren();
    if (!text) return;
    place.append(document.getElementById(`told-${kind}`).content.cloneNode(true));
    place.querySelector(":scope > span > span").textContent = text;
  };

  const check = () => {
    const known = survey();
    let wrong = 0;
    for (const field of fields) {
      const text = problem(field.value, known);
      if (text || touched.has(field)) {
        field.toggleAttribute("aria-invalid", Boolean(text));
        if (text) field.setAttribute("aria-invalid", "true");
      }
      wrong += field.getAttribute("aria-invalid") === "true";
      if (text) show(field, "error", text);
      else if (touched.has(field) || !told(field).querySelector(".error")) show(field, "notice", notice(field.value, known));
    }
    return wrong;
  };

  const summary = form.querySelector("[data-summary]");
  const changed = () => [...form.querySelectorAll("#rows input:not([type=hidden])")].filter((one) => one.value !== one.defaultValue).length;
  const tell = (wrong) => {
    const count = changed();
    if (!count && !touched.size) return;
    summary.textContent = [count && sentence(say.changed, { count }), wrong && sentence(say.wrong, { count: wrong })].filter(Boolean).join(" · ");
    summary.classList.toggle("bad", wrong > 0);
  };

  form.addEventListener("input", (event) => {
    if (event.target.id === "find") return;
    const number = event.target.closest("li").querySelector("[data-number]");
    touched.add(number);
    tell(check());
  });

  // Enter and the arrows go to the same field of the next row that can be seen.
  const beside = (input, step) => {
    const part = input.name.replace(/.*\./, "");
    const shown = [...form.querySelectorAll(`#rows li:not([hidden]) input[name$=".${part}"]`)];
    return shown[shown.indexOf(input) + step];
  };
  form.addEventListener("keydown", (event) => {
    const step = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !event.target.name?.startsWith("rows.") || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const next = beside(event.target, step);
    if (next) { next.focus(); next.select(); } else if (event.key === "Enter") form.querySelector(".save-bar button").focus();
  });

  // Free numbers come into the empty rows that have somebody to give them to.
  form.querySelector("[data-suggest]").addEventListener("click", (event) => {
    event.preventDefault();
    const { count } = survey();
    const free = fields.map((field) => field.placeholder).filter((number) => number && !count.has(number));
    const empty = fields.filter((field) => !field.value && !field.closest("li").querySelector("[name$='.outside']:placeholder-shown"));
    for (const field of empty) {
      field.value = free.shift() ?? "";
      touched.add(field);
    }
    tell(check());
    (empty[0] ?? fields[0])?.focus();
  });

  // What was typed is not lost by a slip.
  let sent = false;
  form.addEventListener("submit", () => { sent = true; });
  addEventListener("beforeunload", (event) => { if (!sent && changed()) event.preventDefault(); });

  tell(check());
})();
