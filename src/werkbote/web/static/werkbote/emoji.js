// The emoji picker: found by German or English words, chosen by pointer or arrows.
(() => {
  const box = document.getElementById("emoji");
  if (!box) return;
  const field = box.querySelector("input");
  const grid = box.querySelector(".emoji-grid");
  const MOST = 240;
  let all = null;

  const opener = () => document.querySelector("[data-emoji]");
  const fold = (text) => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replace(/ß/g, "ss");
  const load = async () => {
    const answer = await fetch(box.dataset.source);
    const german = document.documentElement.lang.startsWith("de");
    all = (await answer.json()).map(([sign, , de, deTags, en, enTags]) => ({
      sign,
      name: german ? de : en,
      names: [fold(de), fold(en)],
      words: fold(`${de} ${deTags} ${en} ${enTags}`).split(/[\s:,]+/),
    }));
  };
  const found = (wanted) => {
    const parts = fold(wanted).split(/\s+/).filter(Boolean);
    const hits = all.filter((one) =>
      parts.every((part) => one.words.some((word) => word.startsWith(part))));
    const exact = fold(wanted).trim();
    const rank = (one) => (one.names.includes(exact) ? 0 : one.words.includes(exact) ? 1 : 2);
    return exact ? hits.sort((a, b) => rank(a) - rank(b)) : hits;
  };
  const show = () => {
    const signs = found(field.value).slice(0, MOST).map((one) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = one.sign;
      button.title = one.name;
      button.setAttribute("aria-label", one.name);
      button.tabIndex = -1;
      return button;
    });
    if (signs.length) {
      signs[0].tabIndex = 0;
      grid.replaceChildren(...signs);
    } else grid.textContent = grid.dataset.none;
    grid.scrollTop = 0;
  };
  const open = async () => {
    box.hidden = false;
    opener()?.setAttribute("aria-expanded", "true");
    field.value = "";
    if (!all) await load();
    show();
    field.focus();
  };
  const close = () => {
    if (box.hidden) return;
    box.hidden = true;
    opener()?.setAttribute("aria-expanded", "false");
  };
  const put = (button) => {
    close();
    window.werkbote.insert(button.textContent);
  };
  const columns = () => {
    const signs = [...grid.children];
    return signs.filter((one) => one.offsetTop === signs[0].offsetTop).length || 1;
  };
  const move = (key) => {
    const signs = [...grid.children];
    const at = signs.indexOf(document.activeElement);
    if (at < 0) return signs[0]?.focus();
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns(), ArrowUp: -columns() }[key];
    if (key === "ArrowUp" && at + step < 0) return field.focus();
    return signs[Math.min(Math.max(at + step, 0), signs.length - 1)].focus();
  };

  field.addEventListener("input", () => { if (all) show(); });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      close();
      document.getElementById("text").focus();
    } else if (event.key === "ArrowDown" || (event.key.startsWith("Arrow") && event.target !== field)) move(event.key);
    else if (event.key === "Enter" && event.target === field && grid.querySelector("button")) put(grid.querySelector("button"));
    else return;
    event.preventDefault();
  });
  grid.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) put(button);
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-emoji]")) {
      if (box.hidden) open();
      else close();
    } else if (!event.target.closest("#emoji")) close();
  });
})();
