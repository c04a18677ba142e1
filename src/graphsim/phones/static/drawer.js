// What stands beside the phones: theme, new customers, and the drawer of faults and clock.
"use strict";

const root = document.documentElement;
const drawer = document.querySelector("#drawer");
const person = document.querySelector("#person");
const NAMES = ["Anna Beispiel", "Bernd Muster", "Ceyda Probe", "Dieter Test", "Elif Vorlage"];

function remember(theme) {
  root.dataset.theme = theme;
  localStorage.setItem("theme", theme);
}

if (localStorage.getItem("theme")) root.dataset.theme = localStorage.getItem("theme");

async function drawDrawer() {
  const chosen = drawer.querySelector("[data-faulty]");
  const often = drawer.querySelector("[data-times]");
  const times = often ? often.value : "1";
  const query = chosen ? "?number=" + encodeURIComponent(chosen.value) : "";
  const response = await fetch("/phones/faults" + query);
  if (!response.ok) return;
  drawer.innerHTML = await response.text(); // escaped by the simulator's own template
  fill(drawer);
  const again = drawer.querySelector("[data-times]");
  if (again) again.value = times;
}

function path(rest) {
  const number = drawer.querySelector("[data-faulty]").value;
  return "/sim/numbers/" + encodeURIComponent(number) + rest;
}

async function orderFault(area, fault) {
  const times = drawer.querySelector("[data-times]").value;
  await call("POST", path("/faults"), { [area]: [{ ...fault, times: times ? Number(times) : null }] });
}

async function inDrawer(target) {
  const { fault, area, own: menu, advance } = target.dataset;
  if (fault) {
    await orderFault(area, JSON.parse(fault));
  } else if (menu) {
    const code = Number(drawer.querySelector("[data-code]").value);
    await orderFault(menu, { kind: menu === "api" ? "error" : "fail", code });
  } else if ("clear" in target.dataset) {
    await call("DELETE", path("/faults"));
  } else if (advance) {
    await call("POST", "/sim/clock", { advance_seconds: Number(advance) });
  } else {
    return;
  }
  await drawDrawer();
}

document.addEventListener("click", async (event) => {
  const target = event.target.closest("button");
  if (!target) return;
  if ("drawer" in target.dataset) {
    drawer.hidden = !drawer.hidden;
    document.body.classList.toggle("drawn", !drawer.hidden);
    if (!drawer.hidden) await drawDrawer();
  } else if ("theme" in target.dataset) {
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    remember((root.dataset.theme || (dark ? "dark" : "light")) === "dark" ? "light" : "dark");
  } else if (target.dataset.open === "person") {
    const taken = document.querySelectorAll(".phone").length;
    person.querySelector("[name=name]").value = NAMES[taken % NAMES.length];
    const last = String((taken + 11) % 100).padStart(2, "0");
    person.querySelector("[name=phone]").value = "+49 171 39200" + last;
    person.showModal();
  } else if ("close" in target.dataset) {
    target.closest("dialog").close();
  } else if (drawer.contains(target)) {
    await inDrawer(target);
  }
});
drawer.addEventListener("change", (event) => {
  if ("faulty" in event.target.dataset) drawDrawer();
});
document.addEventListener("news", () => {
  if (!drawer.hidden && !drawer.contains(document.activeElement)) drawDrawer();
});
person.querySelector("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const name = event.target.elements.name.value.trim();
  const phone = event.target.elements.phone.value.trim() || null;
  const key = name.toLowerCase().replace(/[^a-z0-9]+/g, "-") + "-" + Date.now().toString(36);
  const response = await fetch("/sim/customers/" + encodeURIComponent(key), {
    method: "PUT",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ name, phone }),
  });
  if (response.ok) {
    location.reload();
    return;
  }
  const error = person.querySelector(".error");
  error.textContent = (await response.json()).error;
  error.hidden = false;
});
