// The thread's files and its beginning: viewer with keyboard and zoom, voice notes, the first unread message.
(() => {
  const $ = (id) => document.getElementById(id);
  const viewer = $("viewer");

  // --- viewer ----------------------------------------------------------------------------------
  const MOST_ZOOM = 4;
  const stage = viewer?.querySelector(".viewer-stage");
  let zoom = 0;
  let shown = "";
  const all = () => [...document.querySelectorAll("[data-view]")];
  const at = () => all().findIndex((one) => one.dataset.media === shown);

  const setZoom = (step) => {
    zoom = Math.max(0, Math.min(MOST_ZOOM, step));
    stage.dataset.zoom = zoom;
    viewer.querySelector("button[data-zoom='-1']").disabled = zoom === 0;
    viewer.querySelector("button[data-zoom='1']").disabled = zoom === MOST_ZOOM;
  };
  const show = (link) => {
    const paper = link.dataset.view === "paper";
    const made = document.createElement(paper ? "iframe" : "img");
    if (paper) made.title = link.dataset.name;
    else made.alt = link.querySelector("img")?.alt ?? "";
    made.src = link.href;
    stage.replaceChildren(made);
    shown = link.dataset.media;
    setZoom(0);
    for (const button of viewer.querySelectorAll("button[data-zoom]")) button.hidden = paper;
    viewer.querySelector("[data-file]").href = link.href;
    const place = at();
    viewer.querySelector("[data-step='-1']").disabled = place <= 0;
    viewer.querySelector("[data-step='1']").disabled = place >= all().length - 1;
    viewer.querySelector(".viewer-place").textContent = `${place + 1} / ${all().length}`;
    if (!viewer.open) viewer.showModal();
    stage.focus();
  };
  const step = (by) => {
    const link = all()[at() + by];
    if (link) show(link);
  };
  viewer?.addEventListener("close", () => {
    stage.replaceChildren();
    document.querySelector(`[data-view][data-media="${shown}"]`)?.focus();
  });
  viewer?.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const deeds = {
      ArrowLeft: () => step(-1),
      ArrowRight: () => step(1),
      "+": () => setZoom(zoom + 1),
      "-": () => setZoom(zoom - 1),
      0: () => setZoom(0),
    };
    event.stopPropagation();
    if (!(event.key in deeds)) return;
    event.preventDefault();
    deeds[event.key]();
  });
  viewer?.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button?.dataset.step) step(Number(button.dataset.step));
    else if (button?.dataset.zoom) setZoom(zoom + Number(button.dataset.zoom));
    else if (button?.hasAttribute("data-shut") || event.target === stage) viewer.close();
    else if (event.target.matches(".viewer-stage img")) setZoom(zoom ? 0 : 2);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-view]");
    if (!link || !viewer || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    show(link);
  });

  // --- voice notes: waveform and speed ---------------------------------------------------------
  const BARS = 48;
  const MOST_BYTES = 2 * 1024 * 1024;
  const SPEEDS = [1, 1.5, 2];
  const waves = new WeakMap();

  const peaks = (samples) => {
    const size = Math.max(1, Math.floor(samples.length / BARS));
    const found = Array.from({ length: BARS }, (_, bar) => {
      let most = 0;
      for (let one = bar * size; one < Math.min(samples.length, (bar + 1) * size); one += 1)
        most = Math.max(most, Math.abs(samples[one]));
      return most;
    });
    const top = Math.max(...found, 0.01);
    return found.map((one) => one / top);
  };
  const draw = (box) => {
    const canvas = box.querySelector("canvas");
    const audio = box.querySelector("audio");
    const found = waves.get(box);
    if (!found) return;
    const paper = canvas.getContext("2d");
    const { width, height } = canvas;
    const look = getComputedStyle(canvas);
    const done = audio.duration ? audio.currentTime / audio.duration : 0;
    paper.clearRect(0, 0, width, height);
    found.forEach((peak, bar) => {
      const tall = Math.max(4, peak * height);
      paper.fillStyle = bar / BARS < done ? look.color : look.borderColor;
      paper.fillRect((bar * width) / BARS, (height - tall) / 2, width / BARS - 3, tall);
    });
  };
  const hear = async (box) => {
    const audio = box.querySelector("audio");
    const answer = await fetch(audio.src);
    if (!answer.ok) return;
    const room = new OfflineAudioContext(1, 1, 8000);
    const sound = await room.decodeAudioData(await answer.arrayBuffer());
    waves.set(box, peaks(sound.getChannelData(0)));
    box.dataset.drawn = "yes";
    draw(box);
    for (const name of ["timeupdate", "seeked", "ended"]) audio.addEventListener(name, () => draw(box));
  };
  // What cannot be decoded still plays, or offers itself for saving: then there is no waveform.
  const near = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      if (Number(target.dataset.size) <= MOST_BYTES) hear(target).catch(() => { target.dataset.drawn = "no"; });
    }
  });
  const listen = () => {
    for (const box of document.querySelectorAll("[data-sound]:not([data-heard])")) {
      box.dataset.heard = "yes";
      near.observe(box);
    }
  };
  document.addEventListener("click", (event) => {
    const faster = event.target.closest("[data-speed]");
    if (faster) {
      const next = SPEEDS[(SPEEDS.indexOf(Number(faster.dataset.speed)) + 1) % SPEEDS.length];
      faster.dataset.speed = next;
      faster.querySelector("span").textContent = `${next.toLocaleString(document.documentElement.lang)}×`;
      faster.closest("[data-sound]").querySelector("audio").playbackRate = next;
    }
    const canvas = event.target.closest("[data-sound] canvas");
    if (!canvas) return;
    const audio = canvas.closest("[data-sound]").querySelector("audio");
    if (audio.duration) audio.currentTime = (event.offsetX / canvas.clientWidth) * audio.duration;
  });

  // --- the first unread message ----------------------------------------------------------------
  const first = $("messages")?.dataset.unread ?? "";
  const mark = $("unread-mark")?.content.firstElementChild;
  const jump = $("unread-jump");
  const beginning = () => first && $(`m${first}`);
  const setMark = () => {
    const line = beginning();
    if (line && line.previousElementSibling !== mark) line.before(mark);
  };
  const toMark = () => {
    setMark();
    const box = $("scroll");
    if (mark?.isConnected) box.scrollTop += mark.getBoundingClientRect().top - box.getBoundingClientRect().top - 48;
  };
  const far = () => {
    const line = beginning();
    return Boolean(first) && (!line || line.getBoundingClientRect().bottom < $("scroll").getBoundingClientRect().top);
  };
  jump?.addEventListener("click", async () => {
    while (!beginning() && document.querySelector("[data-older]"))
      await window.werkboteInbox.loadOlder(document.querySelector("[data-older]"));
    toMark();
    jump.hidden = true;
  });
  const begin = () => {
    setMark();
    listen();
    if (jump) jump.hidden = !far();
  };
  $("scroll")?.addEventListener("scroll", () => { if (jump && !jump.hidden) jump.hidden = !far(); }, { passive: true });

  window.werkboteThread = {
    begin,
    // Whether a voice note that is drawn, or plays, stays as it is while the thread around it is renewed.
    stays: (old, fresh) =>
      Boolean(old.dataset?.sound && fresh.dataset && old.dataset.sound === fresh.dataset.sound),
    isMark: (node) => node === mark,
    toFirst: () => { if (beginning()) toMark(); },
  };
  window.werkboteInbox?.settle();
})();
