// Passkeys: asks the server what to ask the device, and gives the device's answer back.
(() => {
  const token = () => document.querySelector("input[name=csrfmiddlewaretoken]").value;
  const post = async (url, content) => {
    const answer = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
      body: JSON.stringify(content),
    });
    const said = await answer.json();
    if (!answer.ok) throw new Error(said.problem || "");
    return said;
  };
  const device = async (kind, options) => {
    const key = PublicKeyCredential;
    if (kind === "create") {
      const publicKey = key.parseCreationOptionsFromJSON(options.publicKey);
      return navigator.credentials.create({ publicKey });
    }
    const publicKey = key.parseRequestOptionsFromJSON(options.publicKey);
    return navigator.credentials.get({ publicKey });
  };
  const show = (codes) => {
    const box = document.getElementById("passkey-codes");
    for (const code of codes) {
      const item = document.createElement("li");
      item.appendChild(document.createElement("code")).textContent = code;
      box.querySelector("ul").append(item);
    }
    box.hidden = false;
    box.querySelector("a").focus();
  };
  const use = async (button) => {
    const problem = document.getElementById("passkey-problem");
    problem.hidden = true;
    try {
      const options = await post(button.dataset.ask, {});
      const made = await device(button.dataset.passkey, options);
      const said = await post(button.dataset.answer, made.toJSON());
      if (said.codes && said.codes.length) show(said.codes);
      else window.location.assign(said.next);
    } catch (error) {
      const spoken = error instanceof Error && error.name === "Error" && error.message;
      problem.textContent = spoken || button.dataset.failed;
      problem.hidden = false;
    }
  };
  for (const button of document.querySelectorAll("[data-passkey]")) {
    if (!window.PublicKeyCredential) button.hidden = true;
    button.addEventListener("click", () => use(button));
  }
})();
