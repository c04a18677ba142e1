{% autoescape off %}// Keeps this release's static files and nothing else; shows that there is something new, never what.
const KEPT = [{% for one in kept %}"{{ one }}", {% endfor %}"{% url 'offline' %}"];
const CACHE = "werkbote-static";
const OFFLINE = "{% url 'offline' %}";

self.addEventListener("install", (event) => {
  const fill = async () => {
    const cache = await caches.open(CACHE);
    await cache.addAll(KEPT);
    for (const request of await cache.keys()) {
      const url = new URL(request.url);
      if (!KEPT.includes(url.pathname + url.search)) await cache.delete(request);
    }
  };
  event.waitUntil(fill().then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (KEPT.includes(url.pathname + url.search) && url.pathname !== OFFLINE)
    event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)));
  else if (request.mode === "navigate")
    event.respondWith(fetch(request).catch(async () => (await caches.match(OFFLINE)) ?? Response.error()));
});

self.addEventListener("push", (event) => {
  const said = event.data?.json() ?? {};
  event.waitUntil(
    self.registration.showNotification("Werkbote", {
      body: said.body ?? "Neue Nachricht",
      tag: "werkbote",
      renotify: true,
      icon: "{{ icon }}",
    }),
  );
});
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const open = async () => {
    const pages = await self.clients.matchAll({ type: "window" });
    if (pages.length) await pages[0].focus();
    else await self.clients.openWindow("{% url 'inbox' %}");
  };
  event.waitUntil(open());
});
{% endautoescape %}
