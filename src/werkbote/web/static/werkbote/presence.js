// Who else is in this conversation: said when it changes, and among several every 20 seconds while the page is
// looked at, since what is not said again is forgotten after 45. Who is new says so and is answered at once.
(() => {
  const strip = document.getElementById("present");
  const open = document.getElementById("messages")?.dataset.conversation;
  if (!strip || !open) return;
  const [LEFT, READING, WRITING] = ["0", "1", "2"];
  const EVERY = 20000;
  const SELDOM = 180000; // alone: for whom did not hear of us
  const LASTS = 45000;
  const PAUSE = 8000;
  const others = new Map();
  const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
  let doing = READING;
  let quiet = 0;

  const say = (what = doing) => {
    if (document.hidden && what !== LEFT) return;
    const body = new URLSearchParams({ doing: what, csrfmiddlewaretoken: token() });
    fetch(strip.dataset.present, { method: "POST", body, keepalive: what === LEFT }).catch(() => {});
  };
  const become = (what) => {
    if (doing === what) return;
    doing = what;
    say();
  };

  let shown = "";
  const show = async () => {
    const ids = (what) => [...others].filter(([, one]) => one.what === what).map(([id]) => id).join(",");
    const asked = new URLSearchParams({ reading: ids(READING), writing: ids(WRITING) }).toString();
    if (asked === shown) return;
    shown = asked;
    if (!others.size) {
      strip.replaceChildren();
      return;
    }
    const answer = await fetch(`${strip.dataset.present}?${asked}`, { headers: { "HX-Request": "true" } });
    if (answer.ok && asked === shown) strip.innerHTML = await answer.text();
  };

  document.addEventListener("present", ({ detail: [conversation, member, what] }) => {
    if (conversation !== open) return;
    const fresh = !others.has(member);
    if (what === LEFT) others.delete(member);
    else others.set(member, { what, until: Date.now() + LASTS });
    if (fresh && what !== LEFT) say();
    show();
  });
  setInterval(() => {
    for (const [member, one] of others) if (one.until < Date.now()) others.delete(member);
    show();
  }, 5000);
  setInterval(() => { if (others.size) say(); }, EVERY);
  setInterval(() => say(), SELDOM);
  document.addEventListener("input", (event) => {
    if (event.target.id !== "text") return;
    clearTimeout(quiet);
    become(event.target.value.trim() ? WRITING : READING);
    quiet = setTimeout(() => become(READING), PAUSE);
  });
  document.addEventListener("visibilitychange", () => say(document.hidden ? LEFT : doing));
  window.addEventListener("pagehide", () => say(LEFT));
  say();
})();
