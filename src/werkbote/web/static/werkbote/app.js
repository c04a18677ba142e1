// The installed app: register the worker, offer to install, switch push on and off for this browser.
(() => {
  if (!("serviceWorker" in navigator)) return;
  const $ = (id) => document.getElementById(id);
  const ready = navigator.serviceWorker.register("/sw.js", { scope: "/" }).catch(() => null);

  // --- install ---------------------------------------------------------------------------------
  let offer = null;
  const install = $("install");
  window.addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    offer = event;
    if (install) install.hidden = false;
  });
  install?.addEventListener("click", async () => {
    await offer?.prompt();
    install.hidden = true;
  });

  // --- push ------------------------------------------------------------------------------------
  const box = $("push");
  if (!box || !("PushManager" in window)) return;
  const says = $("push-says");
  const csrf = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
  const send = (url, fields = {}) =>
    fetch(url, { method: "POST", body: new URLSearchParams(fields), headers: { "X-CSRFToken": csrf(), "HX-Request": "true" } });
  const bytes = (text) => {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
  };
  const show = (on) => {
    $("push-on").hidden = on;
    $("push-off").hidden = !on;
  };
  const present = async () => {
    const found = await ready;
    return found ? found.pushManager.getSubscription() : null;
  };
  const on = async () => {
    if ((await Notification.requestPermission()) !== "granted") throw new Error(box.dataset.denied);
    await ready;
    const worker = await navigator.serviceWorker.ready;
    const { key } = await (await fetch(box.dataset.key)).json();
    const made = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) });
    const { endpoint, keys } = made.toJSON();
    const answer = await send(box.dataset.on, { endpoint, ...keys });
    if (answer.ok) return;
    await made.unsubscribe();
    throw new Error(answer.status === 422 ? await answer.text() : box.dataset.failed);
  };
  const off = async () => {
    await (await present())?.unsubscribe();
    await send(box.dataset.off);
  };
  const press = (id, deed, state) => {
    $(id).addEventListener("click", async () => {
      says.textContent = "";
      try {
        await deed();
        show(state);
      } catch (error) {
        says.textContent = error.message || box.dataset.failed;
      }
    });
  };
  press("push-on", on, true);
  press("push-off", off, false);
  box.hidden = false;
  present().then((found) => show(Boolean(found)));
})();
