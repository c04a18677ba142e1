// Following what happens: server-sent events wake the list and the open thread; a banner says when not.
(() => {
  const address = document.body.dataset.live;
  if (!address) return;
  const banner = document.getElementById("offline");
  const open = document.getElementById("messages")?.dataset.conversation ?? "";
  const SILENCE = 40000;
  const GRACE = 2500;
  const PACE = 900; // milliseconds between two fetches of a list
  const AFRESH = 300000; // the list is fetched after so long at the latest: what waits too long does so without an event
  let source = null;
  let last = document.body.dataset.since ?? "";
  let heard = Date.now();
  let wait = 500;
  let grace = 0;
  let listTimer = 0;
  let threadTimer = 0;

  const say = (name) => document.body.dispatchEvent(new CustomEvent(name));
  let listAt = 0;
  let missed = false;
  const listChanged = () => {
    missed = document.hidden;
    if (missed) return;
    const pause = Math.max(80, listAt + PACE - Date.now());
    listTimer ||= setTimeout(() => { listTimer = 0; listAt = Date.now(); say("list-changed"); }, pause);
  };
  document.addEventListener("visibilitychange", () => { if (missed) listChanged(); });
  const threadChanged = () => {
    threadTimer ||= setTimeout(() => { threadTimer = 0; say("thread-changed"); }, 30);
  };
  const everything = () => { listChanged(); if (open) threadChanged(); };

  const live = (yes) => {
    clearTimeout(grace);
    if (yes) { if (banner) banner.hidden = true; }
    else grace = setTimeout(() => { if (banner) banner.hidden = false; }, GRACE);
    document.body.classList.toggle("is-live", yes);
  };

  const connect = () => {
    source?.close();
    heard = Date.now();
    const follow = document.getElementById("rows")?.dataset.follow;
    source = new EventSource(`${address}?since=${last}&open=${open || 0}${follow ? `&${follow}` : ""}`);
    source.addEventListener("hello", (event) => {
      heard = Date.now();
      wait = 500;
      last = event.lastEventId || last;
      live(true);
    });
    source.addEventListener("beat", () => { heard = Date.now(); });
    source.addEventListener("change", (event) => {
      heard = Date.now();
      last = event.lastEventId || last;
      if (event.data === open) threadChanged();
    });
    source.addEventListener("rows", (event) => {
      heard = Date.now();
      last = event.lastEventId || last;
      document.dispatchEvent(new CustomEvent("rows", { detail: JSON.parse(event.data) }));
    });
    source.addEventListener("counts", (event) => {
      document.dispatchEvent(new CustomEvent("counts", { detail: JSON.parse(event.data) }));
    });
    source.addEventListener("missed", (event) => {
      heard = Date.now();
      last = event.lastEventId || last;
      listChanged();
    });
    source.addEventListener("resync", (event) => {
      heard = Date.now();
      last = event.lastEventId || last;
      everything();
    });
    source.addEventListener("present", (event) => {
      document.dispatchEvent(new CustomEvent("present", { detail: event.data.split(" ") }));
    });
    source.addEventListener("down", () => live(false));
    source.addEventListener("up", () => live(true));
    source.addEventListener("ended", () => { source.close(); location.reload(); });
    source.onerror = () => {
      live(false);
      if (source.readyState !== EventSource.CLOSED) return;
      setTimeout(connect, wait * (1 + Math.random()));
      wait = Math.min(wait * 2, 15000);
    };
  };

  setInterval(() => {
    if (Date.now() - heard > SILENCE) { live(false); connect(); }
  }, 5000);
  setInterval(listChanged, AFRESH * (1 + Math.random() / 5));
  window.addEventListener("online", connect);
  window.addEventListener("pageshow", (event) => { if (event.persisted) { connect(); everything(); } });
  window.addEventListener("pagehide", () => source?.close());
  connect();
})();
