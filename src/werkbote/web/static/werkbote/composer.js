// The composer: what is written is kept on the server, marks by keys, quotes, and taking back what was just sent.
(() => {
  const $ = (id) => document.getElementById(id);
  const PAUSE = 700;
  const form = () => $("composer");
  const words = () => $("text");

  // --- drafts ----------------------------------------------------------------------------------
  let timer = 0;
  let keeping = null;
  const keep = (last = false) => {
    clearTimeout(timer);
    timer = 0;
    if (!form()) return;
    const body = new FormData(form());
    for (const name of ["file", "photo"]) body.delete(name);
    keeping?.abort();
    keeping = new AbortController();
    const asked = { method: "POST", body, keepalive: last };
    if (!last) asked.signal = keeping.signal;
    fetch(form().dataset.draft, asked).catch(() => {});
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE);
  };
  document.addEventListener("input", (event) => {
    if (event.target === words()) later();
  });
  document.addEventListener("composer-typed", later);
  window.addEventListener("pagehide", () => { if (timer) keep(true); });
  document.addEventListener("visibilitychange", () => { if (document.hidden && timer) keep(true); });
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.elt !== form()) return;
    clearTimeout(timer);
    timer = 0;
    keeping?.abort();
  });

  // What was taken back returns into an empty composer; what is being written stays.
  document.body.addEventListener("composer-changed", async () => {
    const offers = () => form().elements.offer.value;
    if (!form() || words().value.trim() || offers() || window.werkbote.attach.any()) return;
    const answer = await fetch(form().dataset.composer, { headers: { "HX-Request": "true" } });
    if (!answer.ok || words().value.trim() || offers()) return;
    const made = document.createElement("template");
    made.innerHTML = await answer.text();
    form().replaceWith(made.content);
    htmx.process(form());
    form().dispatchEvent(new CustomEvent("composer-made", { bubbles: true }));
    quoted();
    words().focus();
    words().setSelectionRange(words().value.length, words().value.length);
  });

  // --- inserting -------------------------------------------------------------------------------
  const insert = (text) => {
    const box = words();
    if (!box) return;
    box.focus();
    box.setRangeText(text, box.selectionStart, box.selectionEnd, "end");
    box.dispatchEvent(new Event("input", { bubbles: true }));
  };
  window.werkbote = { insert };

  const MARKS = { b: "*", i: "_", x: "~", m: "```" };
  const mark = (sign) => {
    const box = words();
    const { selectionStart: from, selectionEnd: to, value } = box;
    const inner = value.slice(from, to);
    box.setRangeText(sign + inner + sign, from, to, "end");
    if (!inner) box.setSelectionRange(from + sign.length, from + sign.length);
    box.dispatchEvent(new Event("input", { bubbles: true }));
  };
  document.addEventListener("keydown", (event) => {
    if (event.target !== words() || !(event.ctrlKey || event.metaKey) || event.altKey) return;
    const key = event.key.toLowerCase();
    const sign = key in MARKS && (key === "x" || key === "m") === event.shiftKey ? MARKS[key] : "";
    if (sign) {
      event.preventDefault();
      mark(sign);
    }
    const undo = document.querySelectorAll(".undo button");
    if (key === "z" && !event.shiftKey && !words().value && undo.length) {
      event.preventDefault();
      undo[undo.length - 1].click();
    }
  });

  // --- quoting ---------------------------------------------------------------------------------
  const quoted = () => {
    const bar = $("answering");
    if (!bar) return;
    const id = bar.querySelector("input").value;
    bar.hidden = !id;
    const line = id && $(`m${id}`);
    if (!line) return;
    const said = line.querySelector(".bubble > .text, .paper-name, .note");
    const words = (said?.textContent ?? "").trim().replace(/\s+/g, " ");
    if (words) bar.querySelector(".answering-text").textContent = words.slice(0, 160);
  };
  const quote = (id) => {
    $("answering").querySelector("input").value = id;
    quoted();
    later();
    words().focus();
  };
  document.addEventListener("click", (event) => {
    const reply = event.target.closest("[data-reply]");
    if (reply && form()) quote(reply.dataset.reply);
    if (event.target.closest("[data-unquote]")) quote("");
    for (const menu of document.querySelectorAll("details.tools[open]")) {
      if (!menu.contains(event.target) || event.target.closest(".tool")) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details.tools[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  // --- undo counts down ------------------------------------------------------------------------
  setInterval(() => {
    for (const one of document.querySelectorAll("[data-undo]")) {
      const left = Math.ceil((new Date(one.dataset.undo) - Date.now()) / 1000);
      const shown = one.querySelector(".undo-left");
      if (left > 0) shown.textContent = `(${left})`;
      else one.hidden = true;
    }
  }, 250);

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id === "composer" || event.detail.elt.id === "composer") quoted();
  });
  quoted();
})();
