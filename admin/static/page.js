// Small comforts; every page works without them.
"use strict";

// Copy what stands next to the button, and say so in the button's own place.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copy);
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(source.textContent.trim());
  } else {
    // Without https a browser offers no clipboard: select the text, so that Ctrl+C takes it.
    getSelection().selectAllChildren(source);
    return;
  }
  const word = button.querySelector("[data-word]");
  const before = word.textContent;
  word.textContent = button.dataset.done;
  setTimeout(() => { word.textContent = before; }, 2000);
});

// Narrow a list while typing. "żab" finds "Żabka": the browser's own case rules know every letter.
for (const box of document.querySelectorAll("[data-filter]")) {
  const none = document.getElementById(box.dataset.none);
  const narrow = () => {
    const wanted = box.value.trim().toLocaleLowerCase();
    let shown = 0;
    for (const row of document.getElementById(box.dataset.filter).children) {
      const hit = row.dataset.words.toLocaleLowerCase().includes(wanted);
      row.hidden = !hit;
      shown += hit;
    }
    none.hidden = shown > 0;
  };
  box.addEventListener("input", narrow);
  document.addEventListener("replaced", narrow); // live.js has put a new list in the place of the old one
  narrow();
}

// A suggestion is there to be typed over; a browser gives the focus before or after this runs.
for (const field of document.querySelectorAll("[data-suggested]")) {
  field.addEventListener("focus", () => field.select(), { once: true });
  if (field === document.activeElement) field.select();
}

// One click, one order: a form that is on its way cannot be sent twice.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  if (form.method !== "post" || form.dataset.order !== undefined) return;
  form.dataset.sent = "1";
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// Sheets close on Escape and on a click elsewhere.
document.addEventListener("click", (event) => {
  for (const sheet of document.querySelectorAll("details[data-sheet][open]")) {
    if (!sheet.contains(event.target)) sheet.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const sheet of document.querySelectorAll("details[data-sheet][open]")) {
    sheet.open = false;
    sheet.querySelector("summary").focus();
  }
});
