// The open page: keep to the newest message, load earlier ones, mark as seen, compose, count down.
(() => {
  const $ = (id) => document.getElementById(id);
  const BOTTOM = 80;

  // --- scrolling -------------------------------------------------------------------------------
  const scroller = () => $("scroll");
  const atBottom = () => {
    const box = scroller();
    return !box || box.scrollHeight - box.scrollTop - box.clientHeight < BOTTOM;
  };
  const toBottom = () => {
    const box = scroller();
    if (box) box.scrollTop = box.scrollHeight;
    const jump = $("jump");
    if (jump) jump.hidden = true;
  };
  const lastLine = () => {
    const lines = document.querySelectorAll("#messages > .line");
    return lines.length ? lines[lines.length - 1].id : "";
  };
  const firstLine = () => {
    const line = document.querySelector("#messages > .line");
    return line ? line.id.slice(1) : "";
  };

  // --- the thread follows ----------------------------------------------------------------------
  let busy = false;
  let again = false;
  const csrf = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";

  const markSeen = () => {
    const box = $("messages");
    if (!box || document.hidden || !csrf()) return;
    fetch(box.dataset.seen, { method: "POST", headers: { "X-CSRFToken": csrf() } }).catch(() => {});
  };

  const part = async (address, more = {}) => {
    const response = await fetch(address, { ...more, headers: { "HX-Request": "true", "X-CSRFToken": csrf() } });
    if (response.status === 401) location.assign(response.headers.get("HX-Redirect") ?? "/login/");
    if (!response.ok) throw new Error(String(response.status));
    return response.text();
  };

  const refresh = async () => {
    const box = $("messages");
    if (!box) return;
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    try {
      const purpose = $("purpose")?.value ?? "";
      const asked = new URLSearchParams({ since: firstLine(), purpose, panel: $("facts") ? "1" : "" });
      const looks = !document.hidden && csrf();
      const html = looks
        ? await part(box.dataset.news, { method: "POST", body: asked })
        : await part(`${box.dataset.news}?${asked}`);
      const follow = atBottom();
      const before = lastLine();
      if ($("messages") !== box) return;
      const news = document.createElement("template");
      news.innerHTML = html;
      renew(box, news, "messages");
      renew($("status"), news, "status");
      renew($("facts"), news, "facts");
      if (purpose === ($("purpose")?.value ?? "")) renew($("hint"), news, "hint");
      tidy();
      if (follow) toBottom();
      else if (lastLine() !== before) $("jump").hidden = false;
    } catch {
      // The banner of live.js says that the page is not live; the next event tries again.
    } finally {
      busy = false;
      if (again) {
        again = false;
        refresh();
      }
    }
  };

  const renew = (place, news, name) => {
    const fresh = news.content.querySelector(`[data-part="${name}"]`);
    if (!place || !fresh) return;
    Idiomorph.morph(place, fresh.innerHTML, { morphStyle: "innerHTML", callbacks: { beforeNodeMorphed: kept, beforeNodeRemoved: notMark } });
    htmx.process(place);
  };
  const kept = (old, fresh) => !window.werkboteThread?.stays(old, fresh);
  const notMark = (old) => !window.werkboteThread?.isMark(old);

  // What is refreshed stays short: the oldest lines move out of it, up to those that only stand there.
  const MOST = 60;
  const KEEP = 30;
  const tidy = () => {
    const lines = document.querySelectorAll("#messages > .line");
    if (lines.length > MOST) {
      const first = lines[lines.length - KEEP];
      while ($("messages").firstChild !== first) $("earlier").append($("messages").firstChild);
    }
    let day = "";
    for (const mark of document.querySelectorAll(".thread-inner .day")) {
      mark.hidden = mark.dataset.day === day;
      day = mark.dataset.day;
    }
    window.werkboteThread?.begin();
  };

  const loadOlder = async (link) => {
    if (link.dataset.loading) return;
    link.dataset.loading = "1";
    try {
      const html = await part(link.href);
      const box = scroller();
      const below = box.scrollHeight - box.scrollTop;
      const made = document.createElement("template");
      made.innerHTML = html;
      link.closest(".older").replaceWith(made.content);
      tidy();
      box.scrollTop = box.scrollHeight - below;
      htmx.process($("earlier"));
    } catch {
      delete link.dataset.loading;
    }
  };

  // --- the composer ----------------------------------------------------------------------------
  const touch = window.matchMedia("(pointer: coarse)");
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || touch.matches) return;
    if (!event.target.matches?.("#composer textarea")) return;
    event.preventDefault();
    event.target.form.requestSubmit();
  });

  // --- templates: the preview fills while one types ---------------------------------------------
  const fill = (form) => {
    const shown = form.querySelector("[data-fill]");
    if (!shown) return;
    shown.dataset.pattern ??= shown.textContent;
    shown.textContent = shown.dataset.pattern.replace(/\{\{\s*(\w+)\s*\}\}/g, (whole, place) => {
      const field = form.querySelector(`[data-place="${place}"]`);
      return field?.value || whole;
    });
  };
  document.addEventListener("input", (event) => {
    if (event.target.matches("[data-place]")) fill(event.target.form);
  });

  // --- dialog ----------------------------------------------------------------------------------
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id !== "dialog-body") return;
    const dialog = $("dialog");
    if (!dialog.open && $("dialog-body").childElementCount) dialog.showModal();
    dialog.querySelectorAll("form").forEach(fill);
  });
  document.addEventListener("click", (event) => {
    const target = event.target;
    if (target.closest("[data-close]") || target === $("dialog")) closeDialog();
    if (target.closest("#jump")) toBottom();
    const older = target.closest("[data-older]");
    if (older) {
      event.preventDefault();
      loadOlder(older);
    }
  });
  const closeDialog = () => {
    $("dialog").close();
    $("dialog-body").replaceChildren();
  };
  document.body.addEventListener("dialog-close", closeDialog);

  // --- the window counts down ------------------------------------------------------------------
  const tick = () => {
    for (const clock of document.querySelectorAll("[data-until]")) {
      const minutes = Math.max(0, Math.floor((new Date(clock.dataset.until) - Date.now()) / 60000));
      const left = clock.querySelector(".clock-left");
      const hours = Math.floor(minutes / 60);
      const rest = minutes % 60;
      clock.classList.toggle("soon", minutes < 120);
      const brief = `${hours}:${String(rest).padStart(2, "0")}`;
      for (const short of clock.querySelectorAll(".clock-brief")) short.textContent = brief;
      if (clock.dataset.short) left.textContent = brief;
      else left.textContent = clock.dataset.words.replace("{h}", hours).replace("{m}", rest);
      if (!minutes && !clock.dataset.over) {
        clock.dataset.over = "1";
        document.body.dispatchEvent(new CustomEvent("thread-changed"));
      }
    }
  };
  setInterval(tick, 15000);

  // --- begin -----------------------------------------------------------------------------------
  document.body.addEventListener("thread-changed", refresh);
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.elt.id !== "composer" && event.detail.target.id !== "composer") return;
    toBottom();
    if (!touch.matches) $("text")?.focus();
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) markSeen();
  });
  scroller()?.addEventListener("scroll", () => {
    if (atBottom()) $("jump").hidden = true;
  });
  if ($("messages")) {
    const settle = () => {
      toBottom();
      window.werkboteThread?.toFirst();
      window.werkboteThread?.begin();
    };
    window.werkboteInbox = { loadOlder, settle };
    settle();
    markSeen();
    document.fonts?.ready.then(settle);
    $("messages").addEventListener("load", (event) => {
      if (event.target.matches("img") && !scroller().dataset.moved) settle();
    }, true);
    scroller().addEventListener("wheel", () => { scroller().dataset.moved = "1"; }, { once: true, passive: true });
    scroller().addEventListener("touchmove", () => { scroller().dataset.moved = "1"; }, { once: true, passive: true });
    if (!touch.matches) $("text")?.focus({ preventScroll: true });
  }
})();
