// Signing in, confirming and adding with a passkey. Without scripts the forms of this file stay hidden; the password works.
"use strict";
(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const listed = (list) => (list || []).map((each) => ({ ...each, id: bytes(each.id) }));
  const reading = (o) => ({ ...o, challenge: bytes(o.challenge), allowCredentials: listed(o.allowCredentials) });
  const making = (o) => ({
    ...o, challenge: bytes(o.challenge), user: { ...o.user, id: bytes(o.user.id) },
    excludeCredentials: listed(o.excludeCredentials),
    authenticatorSelection: { ...o.authenticatorSelection, residentKey: "required", requireResidentKey: true, userVerification: "required" },
  });
  const written = (credential) => {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"])
      if (credential.response[name]) response[name] = text(credential.response[name]);
    if (credential.response.getTransports) response.transports = credential.response.getTransports();
    return JSON.stringify({
      id: credential.id, rawId: text(credential.rawId), type: credential.type, response,
      clientExtensionResults: credential.getClientExtensionResults(),
      authenticatorAttachment: credential.authenticatorAttachment,
    });
  };
  if (!window.PublicKeyCredential) return;

  const wire = (form, get) => {
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      if (form.elements.credential.value) return;
      event.preventDefault();
      try {
        form.elements.credential.value = written(await get());
        form.submit();
      } catch (error) {
        const says = form.querySelector("[data-says]") || form.appendChild(document.createElement("p"));
        says.dataset.says = "";
        says.setAttribute("role", "alert");
        says.textContent = form.dataset.failed;
      }
    });
  };
  const signIn = document.getElementById("passkey-sign-in");
  if (signIn)
    wire(signIn, async () => {
      const answer = await fetch(signIn.dataset.options, { headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" } });
      const { request_options: options } = await answer.json();
      return navigator.credentials.get({ publicKey: reading(options.publicKey) });
    });
  const data = document.getElementById("passkey-data");
  if (data) {
    const options = JSON.parse(data.textContent);
    const confirm = document.getElementById("passkey-confirm");
    if (confirm) wire(confirm, () => navigator.credentials.get({ publicKey: reading(options.request_options.publicKey) }));
    const add = document.getElementById("passkey-add");
    if (add) wire(add, () => navigator.credentials.create({ publicKey: making(options.creation_options.publicKey) }));
  }
})();
