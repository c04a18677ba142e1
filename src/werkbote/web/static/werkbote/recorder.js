// Voice notes: recorded here, listened to, discarded or sent; the words being written stay as they are.
(() => {
  const $ = (id) => document.getElementById(id);
  const box = () => $("recorder");
  const part = (name) => box().querySelector(name);
  const RATE = 32000;
  const kind = ["audio/ogg;codecs=opus", "audio/webm;codecs=opus"].find(
    (one) => window.MediaRecorder?.isTypeSupported(one) && navigator.mediaDevices,
  );
  let run = null;
  let made = null;
  let address = "";
  let timer = 0;

  const offer = () => {
    const button = document.querySelector("[data-record]");
    if (button && box()) button.hidden = !kind;
  };
  const tell = (words) => { $("recorder-problems").textContent = words; };
  const clock = () => {
    const seconds = Math.floor((Date.now() - run.since) / 1000);
    part(".recorder-time").textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    if (seconds >= Number(box().dataset.most)) run.recorder.stop();
  };
  const release = () => {
    clearInterval(timer);
    run?.stream.getTracks().forEach((track) => track.stop());
    run?.room.close();
    run = null;
  };
  const show = (state) => {
    box().hidden = state === "shut";
    box().dataset.state = state;
    $("composer").hidden = state !== "shut";
    part("[data-stop]").hidden = state !== "recording";
    part("[data-send]").hidden = state !== "ready";
    part("audio").hidden = state !== "ready";
    part(".recorder-state").classList.toggle("visually-hidden", state === "ready" || state === "barred");
    part(".recorder-word").textContent = box().dataset[state] ?? "";
    const next = { recording: "[data-stop]", ready: "[data-send]", barred: "[data-discard]" }[state];
    if (next) part(next).focus();
    else $("text").focus();
  };
  const forget = () => {
    if (address) URL.revokeObjectURL(address);
    address = "";
    made = null;
    part("audio").removeAttribute("src");
    tell("");
  };

  // What the gate would refuse anyway is said before anybody speaks: a voice note carries no notice.
  const barred = async () => {
    if (!$("no-voice")) return "";
    const purpose = encodeURIComponent($("purpose").value);
    const asked = `${$("hint").dataset.verdict}?purpose=${purpose}`;
    const answer = await fetch(asked, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (!answer?.ok) return $("no-voice").content.textContent;
    const said = new DOMParser().parseFromString(await answer.text(), "text/html");
    return said.getElementById("no-voice")?.content.textContent ?? "";
  };

  // WhatsApp takes one channel only: whatever the microphone gives is mixed down here.
  const record = async () => {
    forget();
    const refusal = await barred();
    if (refusal) {
      show("barred");
      tell(refusal);
      return;
    }
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } });
    } catch {
      show("refused");
      tell(box().dataset.refused);
      return;
    }
    const room = new AudioContext();
    const mono = room.createMediaStreamDestination();
    mono.channelCount = 1;
    mono.channelCountMode = "explicit";
    room.createMediaStreamSource(stream).connect(mono);
    const recorder = new MediaRecorder(mono.stream, { mimeType: kind, audioBitsPerSecond: RATE });
    const pieces = [];
    recorder.addEventListener("dataavailable", (event) => pieces.push(event.data));
    recorder.addEventListener("stop", () => {
      const kept = run?.kept;
      release();
      if (!kept) return;
      made = { blob: new Blob(pieces, { type: kind }), key: crypto.randomUUID() };
      address = URL.createObjectURL(made.blob);
      part("audio").src = address;
      show("ready");
    });
    run = { recorder, room, stream, since: Date.now(), kept: true };
    recorder.start();
    timer = setInterval(clock, 250);
    clock();
    show("recording");
  };
  const discard = () => {
    if (run) {
      run.kept = false;
      run.recorder.stop();
    }
    forget();
    show("shut");
  };
  // The same key again sends the note once, whatever became of the first answer.
  const send = async () => {
    if (!made) return;
    const button = part("[data-send]");
    const fields = $("composer").elements;
    const body = new FormData();
    body.append("voice", made.blob, "voice");
    body.append("key", made.key);
    for (const name of ["purpose", "csrfmiddlewaretoken"]) body.append(name, fields[name].value);
    button.disabled = true;
    tell("");
    try {
      const answer = await fetch(box().dataset.to, { method: "POST", body, headers: { "HX-Request": "true" } });
      if (answer.ok) {
        forget();
        show("shut");
        document.body.dispatchEvent(new CustomEvent("thread-changed"));
      } else {
        const said = new DOMParser().parseFromString(await answer.text(), "text/html");
        tell(said.querySelector("[role=alert]")?.textContent ?? box().dataset.lost);
      }
    } catch {
      tell(box().dataset.lost);
    } finally {
      button.disabled = false;
    }
  };

  document.addEventListener("click", (event) => {
    const on = (name) => event.target.closest(name);
    if (on("[data-record]")) record();
    else if (on("[data-stop]")) run?.recorder.stop();
    else if (on("[data-discard]")) discard();
    else if (on("#recorder [data-send]")) send();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !box() || box().hidden) return;
    event.preventDefault();
    discard();
  });
  window.addEventListener("pagehide", release);
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id === "composer" || event.detail.elt.id === "composer") offer();
  });
  document.addEventListener("composer-made", offer);
  offer();
})();
