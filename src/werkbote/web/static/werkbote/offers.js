// What the customer may tap: the panel under the text, its counters, and the phone that shows it.
(() => {
  const PAUSE = 300;
  const box = () => document.getElementById("offering");
  const kind = () => document.getElementById("composer")?.elements.offer;
  const lines = () => [...box().querySelectorAll(".offer-rows > li")];
  const values = (line) => [...line.querySelectorAll("input")].map((field) => field.value.trim());

  // One empty line stands below the last one that says something.
  const lay = () => {
    if (!box()) return;
    for (const part of box().querySelectorAll("[data-part]")) part.hidden = part.dataset.part !== kind().value;
    for (const button of box().querySelectorAll("[data-offer]")) {
      button.setAttribute("aria-pressed", String(button.dataset.offer === kind().value));
    }
    box().hidden = !kind().value;
    const last = lines().findLastIndex((line) => values(line).some(Boolean));
    lines().forEach((line, place) => { line.hidden = place > Math.max(last + 1, 1); });
    for (const field of box().querySelectorAll(".offer-field")) {
      const { length } = field.querySelector("input").value;
      const most = Number(field.dataset.most);
      field.querySelector(".offer-count").textContent = length ? `${length}/${most}` : "";
      field.classList.toggle("over", length > most);
    }
  };

  let timer = 0;
  const tell = () => {
    clearTimeout(timer);
    timer = setTimeout(() => document.getElementById("text")?.dispatchEvent(new CustomEvent("offer-changed")), PAUSE);
    document.getElementById("composer").dispatchEvent(new CustomEvent("composer-typed", { bubbles: true }));
  };
  const shown = () => [...box().querySelectorAll("input")].filter((field) => field.offsetParent);
  const open = (wanted) => {
    kind().value = wanted;
    lay();
    tell();
    (shown().find((field) => !field.value) ?? shown()[0]).focus();
  };

  document.addEventListener("click", (event) => {
    const on = (name) => event.target.closest(name);
    if (!box()) return;
    if (on("[data-offer]")) open(on("[data-offer]").dataset.offer);
    if (on("[data-unoffer]")) {
      kind().value = "";
      lay();
      tell();
      document.getElementById("text").focus();
    }
    if (on("[data-headings]")) {
      const headed = box().classList.toggle("headed");
      on("[data-headings]").setAttribute("aria-pressed", String(headed));
      if (headed) box().querySelector(".offer-heading input").focus();
    }
  });
  document.addEventListener("input", (event) => {
    if (!event.target.closest("#offering")) return;
    lay();
    tell();
  });
  // Enter goes on to the next field; the last one leads back to the text, from where Enter sends.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches?.("#offering input")) return;
    event.preventDefault();
    const fields = shown();
    (fields[fields.indexOf(event.target) + 1] ?? document.getElementById("text")).focus();
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id === "composer" || event.detail.elt.id === "composer") lay();
  });
  document.addEventListener("composer-made", lay);
  lay();
})();
