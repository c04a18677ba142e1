// A scripted conversation of whatsapp-api-js with the simulator; prints what it understood as JSON.
import { createServer } from "node:http";
import { WhatsAppAPI } from "whatsapp-api-js";
import { ActionButtons, Body, Button, Image, Interactive, Text } from "whatsapp-api-js/messages";

const [base, number, token, secret, customer] = process.argv.slice(2);
const result = { heard: [], statuses: [] };

// Everything the client sends to Meta goes to the simulator instead; nothing else changes.
const toSimulator = (url, options) => {
  const wanted = new URL(url);
  return fetch(base + wanted.pathname + wanted.search, options);
};
const client = new WhatsAppAPI({
  token,
  appSecret: secret,
  webhookVerifyToken: "verify-me",
  v: "v23.0",
  ponyfill: { fetch: toSimulator },
});
client.on.message = ({ message }) => {
  const text = message.type === "text" ? message.text.body : message.interactive.button_reply.id;
  result.heard.push(text);
};
client.on.status = ({ status, id }) => {
  if (id === result.asked) result.statuses.push(status);
};

const server = createServer((request, response) => {
  const url = new URL(request.url, "http://localhost");
  if (request.method === "GET") {
    response.end(client.get(Object.fromEntries(url.searchParams)));
    return;
  }
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", async () => {
    const raw = Buffer.concat(parts).toString("utf8");
    await client.post(JSON.parse(raw), raw, request.headers["x-hub-signature-256"]);
    response.end();
  });
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));

async function control(method, path, order) {
  const answer = await fetch(`${base}/sim/${path}`, {
    method,
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(order ?? {}),
  });
  return answer.json();
}

async function until(ready) {
  for (let tries = 0; tries < 6000; tries += 1) {
    if (ready()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error("It did not happen in time: " + JSON.stringify(result));
}

const hook = `http://127.0.0.1:${server.address().port}/`;
await control("PUT", `numbers/${number}`, { webhook_url: hook });
await control("PUT", "customers/anna", { deliver_seconds: 0.1 });
result.challenge = (await control("POST", `numbers/${number}/verify`)).verified;

const asks = { to: number, kind: "text", text: "Ist mein Wagen fertig?" };
const { wamid } = await control("POST", "customers/anna/messages", asks);
await until(() => result.heard.length === 1);
await client.markAsRead(number, wamid, "text");
const question = new Interactive(
  new ActionButtons(new Button("yes", "Ja"), new Button("no", "Nein")),
  new Body("Sollen wir die Bremsen machen?"),
);
const sent = await client.sendMessage(number, { phone: customer }, question, wamid, "our-id");
result.asked = sent.messages[0].id;
await until(() => result.statuses.length === 2);
await control("POST", "customers/anna/read");
await until(() => result.statuses.length === 3);
const reply = { type: "button_reply", button_reply: { id: "yes", title: "Ja" } };
const pressed = { to: number, kind: "interactive", interactive: reply, reply_to: result.asked };
await control("POST", "customers/anna/messages", pressed);
await until(() => result.heard.length === 2);

const form = new FormData();
form.set("file", new Blob(["invented picture"], { type: "image/png" }), "a.png");
const media = await client.uploadMedia(number, form);
await client.sendMessage(number, { phone: customer }, new Image(media.id, true, "Die Bremse"));
const { url } = await client.retrieveMedia(media.id, number);
result.media = await (await client.fetchMedia(url)).text();
const blocked = await client.blockUser(number, { phone: customer });
result.blocked = blocked.block_users.added_users.map((user) => user.wa_id);
const refused = await client.sendMessage(number, { phone: "12" }, new Text("Hallo"));
result.error = refused.error.code;

delete result.asked;
server.close();
server.closeAllConnections();
console.log(JSON.stringify(result));
