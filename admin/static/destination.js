// Choosing where calls are led: the fields of a kind appear when the kind is chosen. What was chosen of another kind before
// comes back with it. The fields themselves are in the page's <template>s, made by the same macro as everything else.
"use strict";

(() => {
  const kept = new WeakMap(); // pane -> what stood in it, by kind

  const fill = (kind) => {
    const pane = kind.closest("[data-choose]").querySelector("[data-pane]");
    if (pane.dataset.shows === kind.value) return;
    const drawer = kept.get(pane) ?? new Map();
    kept.set(pane, drawer.set(pane.dataset.shows, [...pane.childNodes]));
    const template = document.getElementById(`pane-${kind.value}`);
    if (drawer.has(kind.value)) pane.replaceChildren(...drawer.get(kind.value));
    else pane.innerHTML = template ? template.innerHTML.replaceAll("__name__", kind.dataset.kind) : "";
    pane.dataset.shows = kind.value;
  };

  // A branch says in its own line what stands in it, so that it can be folded.
  const say = (branch) => {
    const kind = branch.querySelector("[data-kind]");
    const which = branch.querySelector(":scope > [data-choose] > [data-pane] :is(select, input)");
    const told = which && (which.selectedOptions ? which.value && which.selectedOptions[0].textContent : which.value);
    branch.querySelector("[data-said]").textContent = [kind.selectedOptions[0].textContent, told].filter(Boolean).join(": ");
  };

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-kind]")) fill(event.target);
    for (let at = event.target.closest(".branch"); at; at = at.parentElement.closest(".branch")) say(at);
  });
  document.querySelectorAll("[data-kind]").forEach(fill); // a browser that comes back restores choices, but not their fields
  document.querySelectorAll(".branch").forEach(say);
})();
