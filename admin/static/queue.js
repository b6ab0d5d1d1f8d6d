// A queue's agents: added, moved and removed in the page, nothing is saved by that. Without scripts the same buttons send the
// form, and the server shows it rearranged.
"use strict";

(() => {
  const box = document.querySelector("[data-agents]");
  const list = box.querySelector("ol");
  const [account, outside] = ["account", "external"].map((kind) => document.getElementById(`agents-${kind}`));
  const said = box.querySelector("[data-said]");
  const say = (what, name, place) => { said.textContent = said.dataset[what].replace("{name}", name).replace("{place}", place); };
  const called = (row) => row.querySelector(".name").textContent;

  const number = () => {
    [...list.children].forEach((row, place, rows) => {
      for (const button of row.querySelectorAll("[data-do]")) button.value = `${button.dataset.do}.${place}`;
      row.querySelector("[data-do=up]").disabled = place === 0;
      row.querySelector("[data-do=down]").disabled = place === rows.length - 1;
    });
  };

  const insert = (kind, value, name, soft) => {
    const row = document.getElementById("new-agent").content.querySelector("li").cloneNode(true);
    row.querySelector("input").value = `${kind}:${value}`;
    row.querySelector("use").setAttribute("href", kind === "account" ? "#icon-phone" : "#icon-outside");
    row.querySelector(".name").textContent = name;
    row.querySelector(".whose .soft").textContent = soft;
    for (const word of row.querySelectorAll("button .unseen")) word.textContent += `${name} ${soft}`;
    list.append(row);
    say("added", name);
  };

  const add = () => {
    const chosen = account.selectedOptions[0];
    if (account.value) {
      insert("account", account.value, chosen.dataset.name, account.value);
      chosen.remove();
      account.value = "";
    }
    const typed = outside.value.trim();
    if (typed) insert("external", typed, typed, "");
    outside.value = "";
    (typed ? outside : account).focus();
  };

  const remove = (row) => {
    const next = row.nextElementSibling ?? row.previousElementSibling;
    const [kind, login] = row.querySelector("input").value.split(":");
    if (kind === "account") {
      const option = new Option(`${called(row)} · ${login}`, login);
      option.dataset.name = called(row);
      account.append(option);
    }
    say("removed", called(row));
    row.remove();
    (next ? next.querySelector("[data-do=remove]") : account).focus();
  };

  const move = (row, up) => {
    if (up) row.previousElementSibling.before(row);
    else row.nextElementSibling.after(row);
    number();
    const same = row.querySelector(up ? "[data-do=up]" : "[data-do=down]");
    (same.disabled ? row.querySelector("[data-do]:not(:disabled)") : same).focus();
    say("moved", called(row), [...list.children].indexOf(row) + 1);
  };

  box.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do]");
    if (!button) return;
    event.preventDefault();
    const row = button.closest("[data-agent]");
    ({ add, remove: () => remove(row), up: () => move(row, true), down: () => move(row, false) })[button.dataset.do]();
    number();
  });
  outside.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !outside.value.trim()) return;
    event.preventDefault();
    add();
    number();
  });
})();
