// Passkeys: the browser's own dialogue. Forms with data-ask are sent with its answer; without script they stay hidden.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (char) => char.charCodeAt(0));
const letters = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const readable = (options) => {
  options.challenge = bytes(options.challenge);
  if (options.user) options.user.id = bytes(options.user.id);
  for (const list of [options.excludeCredentials, options.allowCredentials]) for (const known of list ?? []) known.id = bytes(known.id);
  return options;
};
const writable = (credential) => {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = letters(credential.response[name]);
  }
  return JSON.stringify({ id: credential.id, rawId: letters(credential.rawId), type: credential.type, response, extensions: {} });
};
const passkeys = () => {
  for (const form of $$("form[data-ask]")) {
    if (!window.PublicKeyCredential) continue;
    form.hidden = false;
    form.nextElementSibling?.classList.remove("scripted");
    const say = $("[role=status]", form);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      // What the form lacks is in the form above it: the wizard asks for a name once.
      const secret = ["password", "again"];
      const above = form.dataset.with ? document.getElementById(form.dataset.with) : null;
      if (above && ![...above.elements].filter((field) => !secret.includes(field.name)).every((field) => field.reportValidity())) return;
      if (say) say.textContent = "Follow your browser.";
      try {
        const body = new URLSearchParams(above ? [...new FormData(above)].filter(([name]) => !secret.includes(name)) : []);
        const asked = await fetch(form.dataset.ask, { method: "POST", body, headers: { accept: "application/json" } });
        const told = await asked.json();
        if (!asked.ok) throw new Error(told.detail ?? "That did not work.");
        const options = { publicKey: readable(told.publicKey) };
        const credential = await (form.dataset.make !== undefined ? navigator.credentials.create(options) : navigator.credentials.get(options));
        for (const [name, value] of body) form.append(make("input", { type: "hidden", name, value }));
        form.elements.answer.value = writable(credential);
        form.submit();
      } catch (error) {
        if (say) say.textContent = error.name === "NotAllowedError" ? "No passkey was used. Try again, or take another way." : error.message;
      }
    });
  }
};
