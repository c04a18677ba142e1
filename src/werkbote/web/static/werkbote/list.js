// The list follows: rows arrive as they have become, and take their place; the list is not fetched again.
(() => {
  const box = document.getElementById("rows");
  if (!box) return;
  const MOST = 120; // rows that stay on the page; what falls out at the end comes back by "Show more"
  const FEW = 15; // below so many, the rows that follow are fetched
  const rows = (list) => list.querySelectorAll(":scope > li[data-at]");
  const again = () => document.body.dispatchEvent(new CustomEvent("list-changed"));

  const made = (html, id) => {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    const row = holder.content.firstElementChild;
    const link = row.querySelector("a");
    link.setAttribute("href", link.getAttribute("href") + box.dataset.follow); // it ends in a question mark
    if (id === box.dataset.open) link.setAttribute("aria-current", "true");
    return row;
  };

  const put = (list, row) => {
    const old = document.getElementById(row.id);
    const focused = old?.contains(document.activeElement);
    old?.remove();
    const next = [...rows(list)].find((one) => one.dataset.at < row.dataset.at);
    const more = list.querySelector(":scope > .more");
    if (!next && more) return; // it stands further down than the list reaches
    list.insertBefore(row, next ?? null);
    if (focused) row.querySelector("a").focus({ preventScroll: true });
  };

  const trim = (list) => {
    const all = rows(list);
    const more = list.querySelector(":scope > .more");
    if (all.length > MOST && more) for (const row of [...all].slice(MOST)) row.remove();
    else if (all.length > MOST || !all.length || (all.length < FEW && more)) again();
  };

  document.addEventListener("rows", ({ detail }) => {
    const list = document.getElementById("rows-list");
    if (!list) {
      if (detail.some((one) => one.html)) again();
      return;
    }
    for (const { id, html } of detail) {
      if (html) put(list, made(html, id));
      else document.getElementById(`c${id}`)?.remove();
    }
    trim(list);
  });

  document.addEventListener("counts", ({ detail }) => {
    for (const [view, count] of Object.entries(detail)) {
      const tally = document.querySelector(`.views [data-view="${view}"] .tally-small`);
      if (!tally) continue;
      tally.textContent = count;
      tally.hidden = !count;
    }
  });

  // "Show more" goes on where the list ends now, not where it ended when it was drawn.
  document.body.addEventListener("htmx:configRequest", ({ detail }) => {
    if (!detail.elt.closest("#rows-list > .more")) return;
    const last = [...rows(document.getElementById("rows-list"))].at(-1);
    if (last) detail.path = detail.path.replace(/before=\d+/, `before=${last.id.slice(1)}`);
  });
})();
