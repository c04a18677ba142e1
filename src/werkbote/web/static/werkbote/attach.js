// The file that goes along: chosen, photographed, dropped or pasted, and shown before it is sent.
(() => {
  const $ = (id) => document.getElementById(id);
  const form = () => $("composer");
  const field = () => form()?.elements.file;
  let preview = "";
  let held = null;

  const size = (bytes) => {
    const [unit, value] = bytes < 1024 ** 2 ? ["kilobyte", Math.ceil(bytes / 1024)] : ["megabyte", bytes / 1024 ** 2];
    const style = { style: "unit", unit, maximumFractionDigits: 1 };
    return new Intl.NumberFormat(document.documentElement.lang, style).format(value);
  };
  const say = (word) => {
    $("chosen-note").textContent = word ? $("chosen-note").dataset[word] : "";
  };
  const show = () => {
    const chosen = $("chosen");
    const file = field().files[0];
    const picture = chosen.querySelector("img");
    if (preview) URL.revokeObjectURL(preview);
    preview = "";
    held = file ?? null;
    chosen.hidden = !file;
    picture.hidden = true;
    chosen.querySelector(".chosen-sign").hidden = false;
    if (!file) return;
    chosen.querySelector(".chosen-name").textContent = file.name;
    chosen.querySelector(".chosen-size").textContent = size(file.size);
    if (!file.type.startsWith("image/")) return;
    preview = URL.createObjectURL(file);
    picture.onload = () => {
      picture.hidden = false;
      chosen.querySelector(".chosen-sign").hidden = true;
    };
    picture.src = preview;
  };
  const set = (file) => {
    const bag = new DataTransfer();
    if (file) bag.items.add(file);
    field().files = bag.files;
    show();
  };
  // What cannot be sent anyway is said at once and leaves what was attached before as it is.
  const take = (files) => {
    const file = files[0];
    const most = Number(field().dataset.most);
    const wrong = file.size > most ? "large" : file.size === 0 ? "empty" : "";
    say(wrong || (files.length > 1 ? "one" : ""));
    if (!wrong) set(file);
    $("text").focus();
  };

  document.addEventListener("change", (event) => {
    const input = event.target;
    if (input.type !== "file" || input.form !== form() || !form()) return;
    const files = [...input.files];
    const photo = input !== field();
    if (photo) input.value = "";
    else if (files.length) set(held);
    if (files.length) take(files);
    else show();
    // What the camera took belongs to the case that is worked on; another one is a choice away.
    const filed = form().elements.case;
    if (photo && files.length && filed) filed.selectedIndex = 1;
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-unchoose]")) return;
    set(null);
    say("");
    $("text").focus();
  });
  // Tables and texts are copied with a picture of themselves: then the words are meant.
  document.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    const elsewhere = event.target.closest?.("input, textarea, dialog");
    if (!form() || !files.length || event.clipboardData.types.includes("text/plain")) return;
    if (elsewhere && elsewhere !== $("text")) return;
    event.preventDefault();
    take(files);
  });

  // --- dropping --------------------------------------------------------------------------------
  const carries = (event) => form() && event.dataTransfer?.types.includes("Files");
  const over = (event) => Boolean(event.target.closest?.(".thread"));
  const mark = (shown) => {
    if ($("drop-here")) $("drop-here").hidden = !shown;
  };
  document.addEventListener("dragover", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = over(event) ? "copy" : "none";
    mark(over(event));
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) mark(false);
  });
  document.addEventListener("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    mark(false);
    const files = [...event.dataTransfer.files];
    if (over(event) && files.length) take(files);
  });

  // A composer that comes back with a question or a problem keeps the file, unless the file was it.
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id !== "composer" && event.detail.elt.id !== "composer") return;
    if (!form()) return;
    set("held" in form().dataset ? held : null);
  });
  window.werkbote.attach = { set, any: () => Boolean(field()?.files.length) };
})();
