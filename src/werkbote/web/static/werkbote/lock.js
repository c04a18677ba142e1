// The lock: a screen nobody touches, or that is locked by hand, is emptied in every tab and asks who is there.
(() => {
  const { lock: minutes, lockPost: post, lockToken: token } = document.body.dataset;
  const channel = "BroadcastChannel" in window ? new BroadcastChannel("werkbote-lock") : null;
  const gate = document.querySelector("[data-locked]");
  if (gate) {
    channel?.addEventListener("message", (event) => {
      if (event.data === "open") location.replace(gate.dataset.locked);
    });
    return;
  }
  if (!post) return;

  // The one thing kept: when somebody last touched one of the tabs. No name, no page.
  const KEY = "werkbote-touched";
  const EVERY = 2000;
  let last = 0;
  const touch = () => {
    if (Date.now() - last < EVERY) return;
    last = Date.now();
    localStorage.setItem(KEY, String(last));
  };
  const idle = () => Date.now() - Number(localStorage.getItem(KEY) ?? Date.now()) > Number(minutes) * 60000;

  let locking = false;
  const lock = (told = false) => {
    if (locking) return;
    locking = true;
    window.dispatchEvent(new Event("pagehide")); // what is being written is kept first
    if (!told) channel?.postMessage("lock");
    const form = document.createElement("form");
    form.method = "post";
    form.action = post;
    form.hidden = true;
    for (const [name, value] of [["csrfmiddlewaretoken", token], ["next", location.pathname + location.search]]) {
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name, value });
      form.append(field);
    }
    document.body.replaceChildren(form);
    localStorage.removeItem(KEY);
    form.submit();
  };

  const look = () => { if (idle()) lock(); };
  look();
  if (locking) return;
  touch();
  channel?.postMessage("open");
  channel?.addEventListener("message", (event) => { if (event.data === "lock") lock(true); });
  for (const name of ["pointerdown", "keydown", "wheel", "touchstart"])
    document.addEventListener(name, () => { look(); touch(); }, { passive: true, capture: true });
  document.addEventListener("visibilitychange", look);
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  window.addEventListener("hashchange", () => { if (location.hash === "#lock") lock(); });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-lock-now]")) return;
    event.preventDefault();
    lock();
  });
  setInterval(look, 5000);
})();
