// The keyboard: a command bar for everything, a sheet of keys, and single letters for what is done most.
(() => {
  const body = document.body;
  const address = body.dataset.commands;
  if (!address) return;
  const $ = (id) => document.getElementById(id);
  const dialog = $("dialog");
  const conversation = () => $("messages")?.dataset.conversation ?? "";
  const csrf = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
  const say = (words) => { $("said").textContent = words; };
  const part = async (url, more = {}) => {
    const answer = await fetch(url, { ...more, headers: { "HX-Request": "true", ...more.headers } });
    if (answer.status === 401) location.assign(answer.headers.get("HX-Redirect") ?? "/login/");
    return answer;
  };
  const show = (html) => {
    $("dialog-body").innerHTML = html;
    htmx.process($("dialog-body"));
    if (!dialog.open) dialog.showModal();
  };
  const close = () => body.dispatchEvent(new CustomEvent("dialog-close"));

  // --- the bar: type, choose with the arrows, Enter --------------------------------------------
  const bar = () => dialog.querySelector("[data-bar]");
  const lines = () => [...bar().querySelectorAll(".bar-line")].filter((line) => !line.hidden);
  const chosen = () => bar()?.querySelector("[aria-selected=true]");
  const choose = (line) => {
    chosen()?.setAttribute("aria-selected", "false");
    line?.setAttribute("aria-selected", "true");
    line?.scrollIntoView({ block: "nearest" });
    if (line) $("bar-line").setAttribute("aria-activedescendant", line.id);
    else $("bar-line").removeAttribute("aria-activedescendant");
  };
  const step = (by) => {
    const all = lines();
    if (all.length) choose(all[(all.indexOf(chosen()) + by + all.length) % all.length]);
  };
  const plain = (text) => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
  const fits = (line, words) => words.every((word) => plain(line.textContent).includes(word));
  const narrow = (only = "") => {
    const words = plain($("bar-line").value).split(/\s+/).filter(Boolean);
    for (const line of bar().querySelectorAll(".bar-line")) {
      const found = line.closest("#bar-found");
      line.hidden = only ? line.dataset.key !== only : !found && !fits(line, words);
    }
    for (const group of bar().querySelectorAll(".bar-group")) {
      let next = group.nextElementSibling;
      let any = false;
      while (next?.classList.contains("bar-line")) {
        any ||= !next.hidden;
        next = next.nextElementSibling;
      }
      group.hidden = !any;
    }
    $("bar-none").hidden = lines().length > 0;
    choose(lines()[0]);
  };

  let asking = 0;
  let latest = 0;
  const look = () => {
    clearTimeout(asking);
    const url = bar().dataset.find;
    const line = $("bar-line").value.trim();
    if (!url) return;
    asking = setTimeout(async () => {
      const mine = ++latest;
      const answer = await part(url, { method: "POST", body: new URLSearchParams({ line }), headers: { "X-CSRFToken": csrf() } });
      if (!answer.ok || mine !== latest || !bar()) return;
      $("bar-found").innerHTML = await answer.text();
      narrow();
    }, 150);
  };

  const open = async (only = "") => {
    const answer = await part(`${address}?conversation=${conversation()}`);
    if (!answer.ok) return;
    show(await answer.text());
    narrow(only);
    $("bar-line").focus();
  };
  const openSheet = async () => {
    const answer = await part(body.dataset.shortcuts);
    if (answer.ok) show(await answer.text());
  };

  // --- deeds -----------------------------------------------------------------------------------
  const post = async (line) => {
    const sent = new URLSearchParams(line.dataset.name ? { [line.dataset.name]: line.dataset.value } : {});
    const answer = await part(line.dataset.post, { method: "POST", body: sent, headers: { "X-CSRFToken": csrf() } });
    const html = await answer.text();
    const panel = document.querySelector("[data-panel]");
    if (panel && (answer.ok || answer.status === 422)) {
      panel.innerHTML = html;
      htmx.process(panel);
    }
    say(answer.ok ? line.querySelector(".bar-label").textContent : body.dataset.failed);
    for (const name of ["list-changed", "thread-changed"]) body.dispatchEvent(new CustomEvent(name));
  };
  const focus = (id) => {
    const field = $(id);
    if (field) {
      field.focus();
      field.scrollIntoView({ block: "nearest" });
    } else document.querySelector(".panel-open")?.click();
  };
  const run = (line) => {
    if (!line) return;
    const { href, focus: field } = line.dataset;
    close();
    if (href) location.assign(href);
    else if (field) focus(field);
    else post(line);
  };

  dialog.addEventListener("input", (event) => {
    if (event.target.id !== "bar-line") return;
    narrow();
    look();
  });
  dialog.addEventListener("click", (event) => run(event.target.closest(".bar-line")));
  dialog.addEventListener("keydown", (event) => {
    if (event.target.id !== "bar-line" || event.isComposing) return;
    const deeds = { ArrowDown: () => step(1), ArrowUp: () => step(-1), Enter: () => run(chosen()) };
    if (!deeds[event.key]) return;
    event.preventDefault();
    deeds[event.key]();
  });
  dialog.addEventListener("close", () => $("dialog-body").replaceChildren());

  // --- single keys -----------------------------------------------------------------------------
  const neighbour = (by) => {
    const all = [...document.querySelectorAll("#rows-list a.row-link")];
    const here = all.findIndex((link) => link.hasAttribute("aria-current"));
    const next = all[here < 0 ? (by > 0 ? 0 : all.length - 1) : here + by];
    next?.click();
  };
  const direct = async (key) => {
    if (!conversation()) return;
    await open(key);
    if (lines().length === 1) run(chosen());
  };
  const letters = {
    j: () => neighbour(1),
    k: () => neighbour(-1),
    u: () => document.querySelector(".back")?.click(),
    r: () => focus("text"),
    n: () => conversation() && focus("note"),
    a: () => direct("a"),
    e: () => direct("e"),
    s: () => direct("s"),
    "/": () => location.assign(body.dataset.search),
    "?": openSheet,
  };
  const places = { i: "inbox", c: "cases", r: "reviews", n: "nudges", a: "account" };
  let going = 0;
  const writing = (target) => target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

  document.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      if (bar()) close();
      else open();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || body.dataset.keys === "off") return;
    if (event.key === "Escape" && !dialog.open && writing(event.target)) event.target.blur();
    if (writing(event.target) || dialog.open) return;
    const place = Date.now() - going < 1500 ? places[event.key] : "";
    const deed = place ? () => location.assign(`/${place}/`) : letters[event.key];
    going = event.key === "g" ? Date.now() : 0;
    if (!deed) return;
    event.preventDefault();
    deed();
  });
})();
