// Ready replies: a slash at the beginning of a word opens them, arrows choose, Enter puts one in.
(() => {
  const $ = (id) => document.getElementById(id);
  const list = $("ready");
  if (!list) return;
  let from = -1;
  let loaded = null;
  let chosen = -1;

  const replies = () => [...list.querySelectorAll("[role=option]:not([aria-disabled])")];
  const options = () => replies().filter((one) => !one.hidden);
  const close = () => {
    list.hidden = true;
    from = -1;
    $("text")?.removeAttribute("aria-activedescendant");
  };
  const choose = (place) => {
    const shown = options();
    chosen = shown.length ? (place + shown.length) % shown.length : -1;
    for (const one of shown) one.setAttribute("aria-selected", "false");
    const one = shown[chosen];
    if (!one) return;
    one.setAttribute("aria-selected", "true");
    one.scrollIntoView({ block: "nearest" });
    $("text").setAttribute("aria-activedescendant", one.id);
  };
  const filter = (wanted) => {
    const parts = wanted.toLowerCase().split(/\s+/).filter(Boolean);
    for (const one of replies()) {
      const words = one.textContent.toLowerCase();
      one.hidden = !parts.every((part) => words.includes(part));
    }
    list.querySelector(".ready-none")?.remove();
    if (!options().length) {
      const none = document.createElement("li");
      none.className = "ready-none";
      // A list box may hold options alone: the sentence is one that cannot be chosen.
      none.setAttribute("role", "option");
      none.setAttribute("aria-disabled", "true");
      none.textContent = list.dataset.none;
      list.append(none);
    }
    choose(0);
  };
  const load = async () => {
    const answer = await fetch($("composer").dataset.ready, { headers: { "HX-Request": "true" } });
    if (!answer.ok) return;
    list.innerHTML = await answer.text();
  };
  const open = async (place) => {
    from = place;
    loaded ??= load();
    await loaded;
    if (from < 0) return;
    list.hidden = false;
    follow();
  };
  const follow = () => {
    const box = $("text");
    const typed = box.value.slice(from, box.selectionStart);
    if (!typed.startsWith("/") || typed.includes("\n") || typed.length > 40) close();
    else filter(typed.slice(1));
  };
  const put = (one) => {
    const box = $("text");
    box.focus();
    box.setRangeText(one.dataset.text, from, box.selectionStart, "end");
    const gap = box.value.slice(from).match(/\{[^{}\s]+\}/);
    if (gap) box.setSelectionRange(from + gap.index, from + gap.index + gap[0].length);
    close();
    box.dispatchEvent(new Event("input", { bubbles: true }));
  };

  document.addEventListener("input", (event) => {
    if (event.target.id !== "text") return;
    if (from >= 0) {
      if (!list.hidden) follow();
      return;
    }
    const at = event.target.selectionStart - 1;
    const before = event.target.value.slice(0, at);
    if (event.target.value[at] === "/" && event.data === "/" && /(^|\s)$/.test(before)) open(at);
  });
  // Before the composer hears it: Enter chooses here, it does not send.
  document.addEventListener("keydown", (event) => {
    if (list.hidden || event.target.id !== "text") return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) choose(chosen + step);
    else if ((event.key === "Enter" || event.key === "Tab") && options()[chosen]) put(options()[chosen]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const one = event.target.closest("[role=option]:not([aria-disabled])");
    if (one) put(one);
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("button[data-ready]")) {
      const box = $("text");
      const gap = box.selectionStart && !/\s$/.test(box.value.slice(0, box.selectionStart)) ? " /" : "/";
      window.werkbote.insert(gap);
      open(box.selectionStart - 1);
    } else if (!list.hidden && !event.target.closest("#ready, #text")) close();
  });
})();
