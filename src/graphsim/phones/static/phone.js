// The phones: draws what the simulator says, sends what the player does, follows the live stream.
"use strict";

const notice = document.querySelector("#notice");
const state = new WeakMap(); // phone -> {number, reply, edit, waiting}

function tell(words) {
  notice.textContent = words;
  notice.hidden = !words;
}

async function call(method, path, body) {
  const response = await fetch(path, {
    method,
    headers: { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const found = await response.json().catch(() => ({}));
  if (!response.ok) {
    tell(found.error || notice.dataset.wrong);
    return null;
  }
  tell("");
  return found;
}

function own(phone) {
  return "/sim/customers/" + encodeURIComponent(phone.dataset.key);
}

function fill(parent) {
  for (const time of parent.querySelectorAll("time[data-at]")) {
    const at = new Date(Number(time.dataset.at) * 1000);
    time.dateTime = at.toISOString();
    time.textContent = at.toLocaleTimeString(document.documentElement.lang, {
      hour: "2-digit",
      minute: "2-digit",
    });
  }
  for (const time of parent.querySelectorAll("time[data-full]")) {
    const at = new Date(Number(time.dataset.full) * 1000);
    time.textContent = at.toLocaleString(document.documentElement.lang);
  }
  let day = "";
  for (const bubble of parent.querySelectorAll(".bubble[data-at]")) {
    const at = new Date(Number(bubble.dataset.at) * 1000);
    const name = at.toLocaleDateString(document.documentElement.lang, {
      weekday: "long",
      day: "numeric",
      month: "long",
    });
    if (name !== day) {
      const line = document.createElement("li");
      line.className = "day";
      line.textContent = name;
      bubble.before(line);
      day = name;
    }
  }
}

async function draw(phone) {
  const mine = state.get(phone);
  if (mine.drawing) {
    mine.again = true;
    return;
  }
  mine.drawing = true;
  const query = mine.number ? "?number=" + encodeURIComponent(mine.number) : "";
  const path = "/phones/" + encodeURIComponent(phone.dataset.key) + "/screen" + query;
  try {
    const response = await fetch(path);
    if (response.ok) put(phone, await response.text());
  } catch {
    tell(notice.dataset.lost);
  } finally {
    mine.drawing = false;
  }
  if (mine.again) {
    mine.again = false;
    await draw(phone);
  }
}

function put(phone, html) {
  const view = phone.querySelector(".view");
  const before = view.querySelector(".talk");
  const atEnd = !before || before.scrollHeight - before.scrollTop - before.clientHeight < 80;
  const place = before ? before.scrollTop : 0;
  if (view.querySelector("details[open]")) {
    state.get(phone).stale = true;
    return;
  }
  view.innerHTML = html; // made by the simulator's own templates, which escape every value
  fill(view);
  const talk = view.querySelector(".talk");
  phone.querySelector(".composer").hidden = !talk;
  if (!talk) return;
  talk.scrollTop = atEnd ? talk.scrollHeight : place;
  if (Number(talk.dataset.unread) > 0 && document.visibilityState === "visible") {
    call("POST", own(phone) + "/read", { to: state.get(phone).number });
  }
}

function forget(phone) {
  const mine = state.get(phone);
  mine.reply = mine.edit = "";
  phone.querySelector(".about").hidden = true;
}

function about(phone, words) {
  const bar = phone.querySelector(".about");
  bar.querySelector("span").textContent = words;
  bar.hidden = false;
  phone.querySelector("textarea").focus();
}

async function write(phone, order) {
  const mine = state.get(phone);
  const reply = mine.reply && !order.message_id ? { reply_to: mine.reply } : {};
  forget(phone);
  return call("POST", own(phone) + "/messages", { to: mine.number, ...reply, ...order });
}

const SAMPLES = {
  location: { latitude: 52.5186, longitude: 13.3763, name: "Platz der Republik", address: "Berlin" },
  contacts: {
    contacts: [
      {
        name: { formatted_name: "Erika Muster", first_name: "Erika", last_name: "Muster" },
        phones: [{ phone: "+49 171 3920099", wa_id: "491713920099", type: "CELL" }],
      },
    ],
  },
  order: {
    order: {
      catalog_id: "1000",
      text: "Winterreifen",
      product_items: [
        { product_retailer_id: "WR-205", quantity: 4, item_price: 89, currency: "EUR" },
      ],
    },
  },
};

async function sendFile(phone, file) {
  const data = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (let at = 0; at < data.length; at += 8192) {
    text += String.fromCharCode(...data.subarray(at, at + 8192));
  }
  const main = file.type.split("/")[0];
  const kind = ["image", "audio", "video"].includes(main) ? main : "document";
  const mime = file.type || "application/octet-stream";
  await write(phone, { kind, data: btoa(text), mime_type: mime, filename: file.name });
}

function press(phone, button) {
  const bubble = button.closest(".bubble").dataset.id;
  const { press: act, value, label } = button.dataset;
  const reply = { reply_to: bubble };
  if (act === "button") return write(phone, { kind: "button", text: label, payload: value, ...reply });
  if (act === "reply") {
    const button_reply = { id: value, title: label };
    return write(phone, {
      kind: "interactive",
      interactive: { type: "button_reply", button_reply },
      ...reply,
    });
  }
  if (act === "location") return write(phone, { kind: "location", ...SAMPLES.location, ...reply });
  if (act === "share") {
    const name = phone.querySelector(".owner strong").textContent;
    const number = phone.querySelector(".owner span").textContent;
    const card = { name: { formatted_name: name, first_name: name }, phones: [{ phone: number }] };
    return write(phone, { kind: "contacts", contacts: [card], ...reply });
  }
  if (act === "flow") {
    const nfm_reply = {
      name: "flow",
      body: "Sent",
      response_json: JSON.stringify({ flow_token: value || "unused" }),
    };
    return write(phone, {
      kind: "interactive",
      interactive: { type: "nfm_reply", nfm_reply },
      ...reply,
    });
  }
  return openList(phone, button, bubble);
}

function openList(phone, button, bubble) {
  const dialog = document.querySelector("#rows");
  dialog.querySelector("h2").textContent = button.dataset.label;
  const options = dialog.querySelector(".options");
  options.replaceChildren(button.parentElement.querySelector("template").content.cloneNode(true));
  options.onclick = (event) => {
    const row = event.target.closest("[data-row]");
    if (!row) return;
    event.preventDefault();
    dialog.close();
    const list_reply = { id: row.dataset.row, title: row.dataset.label };
    if (row.dataset.more) list_reply.description = row.dataset.more;
    write(phone, {
      kind: "interactive",
      interactive: { type: "list_reply", list_reply },
      reply_to: bubble,
    });
  };
  dialog.showModal();
}

async function deed(phone, button) {
  const what = button.dataset.deed;
  const to = state.get(phone).number;
  if (what === "offline") {
    return call("PUT", own(phone), { offline: button.dataset.value === "true" });
  }
  if (what === "change-number") {
    const phoneNumber = "+49 171 39200" + String(Math.floor(Math.random() * 100)).padStart(2, "0");
    if (await call("POST", own(phone) + "/change-number", { phone: phoneNumber })) {
      phone.querySelector(".owner span").textContent = phoneNumber.replaceAll(" ", "");
    }
    return null;
  }
  return call("POST", own(phone) + "/" + what, to ? { to } : {});
}

function act(phone, button) {
  const bubble = button.closest(".bubble");
  const mine = state.get(phone);
  const words = button.dataset.about + ": " + bubble.dataset.summary;
  if (button.dataset.act === "revoke") {
    return write(phone, { kind: "revoke", message_id: bubble.dataset.id });
  }
  forget(phone);
  if (button.dataset.act === "reply") {
    mine.reply = bubble.dataset.id;
  } else {
    mine.edit = bubble.dataset.id;
    phone.querySelector("textarea").value = bubble.dataset.summary;
  }
  return about(phone, words);
}

async function clicked(phone, target) {
  const mine = state.get(phone);
  const { chat, attach, react } = target.dataset;
  if (chat) mine.number = chat;
  if ("back" in target.dataset) mine.number = "";
  if ("forget" in target.dataset) forget(phone);
  const changed = chat || "back" in target.dataset;
  const menu = target.closest("details");
  if (menu) menu.open = false;
  if (attach) await write(phone, { kind: attach, ...SAMPLES[attach] });
  if (react) {
    const message_id = target.closest(".bubble").dataset.id;
    await write(phone, { kind: "reaction", emoji: react, message_id });
  }
  if (target.dataset.act) await act(phone, target);
  if (target.dataset.press) await press(phone, target);
  if (target.dataset.deed) await deed(phone, target);
  if (changed) {
    forget(phone);
    phone.querySelector(".view").replaceChildren();
    await draw(phone);
  }
}

function start(phone) {
  state.set(phone, { number: phone.dataset.number, reply: "", edit: "" });
  const form = phone.querySelector(".composer");
  const box = form.querySelector("textarea");
  phone.addEventListener("click", (event) => {
    const target = event.target.closest("button");
    if (target && target.type === "button") clicked(phone, target);
  });
  phone.addEventListener(
    "toggle",
    (event) => {
      if (!event.target.open && state.get(phone).stale) {
        state.get(phone).stale = false;
        draw(phone);
      }
    },
    true,
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = box.value.trim();
    if (!text) return;
    const edit = state.get(phone).edit;
    const order = edit ? { kind: "edit", message_id: edit, text } : { kind: "text", text };
    box.value = "";
    if ((await write(phone, order)) === null) box.value = text;
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
    if (event.key === "Escape") forget(phone);
  });
  form.querySelector("[data-file]").addEventListener("change", (event) => {
    const file = event.target.files[0];
    form.querySelector(".attach").open = false;
    if (file) sendFile(phone, file);
    event.target.value = "";
  });
  draw(phone);
}

const phones = [...document.querySelectorAll(".phone")];
phones.forEach(start);

async function lookForPeople() {
  const found = await call("GET", "/sim/customers");
  if (found && found.customers.length && document.querySelector("main.phones")) location.reload();
}

const live = new EventSource("/phones/live");
live.onopen = () => tell("");
live.onerror = () => tell(notice.dataset.lost);
live.onmessage = (event) => {
  for (const phone of phones) {
    if (event.data === "*" || event.data === phone.dataset.key) draw(phone);
  }
  document.dispatchEvent(new CustomEvent("news"));
  if (!phones.length && event.data === "*") lookForPeople();
};
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") phones.forEach(draw);
});
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
