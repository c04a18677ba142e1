// Old chats: drop a file, see how far the upload is. All of it works without too.
(() => {
  const form = document.getElementById("upload");
  if (form) {
    const drop = document.getElementById("drop");
    const file = form.querySelector("input[type=file]");
    const bar = document.getElementById("sent");
    const words = document.getElementById("sent-words");
    const button = form.querySelector("button[type=submit]");

    for (const name of ["dragenter", "dragover"]) {
      drop.addEventListener(name, (event) => {
        event.preventDefault();
        drop.classList.add("over");
      });
    }
    for (const name of ["dragleave", "drop"]) {
      drop.addEventListener(name, () => drop.classList.remove("over"));
    }
    drop.addEventListener("drop", (event) => {
      event.preventDefault();
      if (event.dataTransfer.files.length) file.files = event.dataTransfer.files;
    });

    const stop = (text) => {
      bar.hidden = true;
      button.disabled = false;
      words.textContent = text;
    };
    form.addEventListener("submit", (event) => {
      if (!file.files.length) return;
      event.preventDefault();
      const call = new XMLHttpRequest();
      call.upload.addEventListener("progress", (step) => {
        if (step.lengthComputable) bar.value = (100 * step.loaded) / step.total;
      });
      call.addEventListener("load", () => {
        if (call.status === 200) {
          location.assign(call.responseURL);
        } else if (call.status === 422) {
          const page = new DOMParser().parseFromString(call.responseText, "text/html");
          const problem = page.querySelector("#upload [role=alert]");
          stop(problem ? problem.textContent : form.dataset.failed);
        } else {
          stop(form.dataset.failed);
        }
      });
      call.addEventListener("error", () => stop(form.dataset.failed));
      call.open("POST", form.action);
      call.send(new FormData(form));
      bar.hidden = false;
      button.disabled = true;
      words.textContent = form.dataset.sending;
    });
  }
})();
