// Passkeys: asks the desk what to sign, has the device sign it, and brings it back.
"use strict";

(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  const named = (list) => (list ?? []).map((each) => ({ ...each, id: bytes(each.id) }));

  async function make(wanted) {
    const made = await navigator.credentials.create({ publicKey: {
      ...wanted, challenge: bytes(wanted.challenge), user: { ...wanted.user, id: bytes(wanted.user.id) },
      excludeCredentials: named(wanted.excludeCredentials),
    } });
    return written(made, {
      attestationObject: text(made.response.attestationObject), transports: made.response.getTransports?.() ?? [],
    });
  }

  async function use(wanted) {
    const used = await navigator.credentials.get({ publicKey: {
      ...wanted, challenge: bytes(wanted.challenge), allowCredentials: named(wanted.allowCredentials),
    } });
    return written(used, {
      authenticatorData: text(used.response.authenticatorData), signature: text(used.response.signature),
      userHandle: used.response.userHandle ? text(used.response.userHandle) : null,
    });
  }

  const written = (credential, response) => ({
    id: credential.id, rawId: text(credential.rawId), type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment, clientExtensionResults: {},
    response: { clientDataJSON: text(credential.response.clientDataJSON), ...response },
  });

  async function post(address, form, body) {
    const answer = await fetch(address, {
      method: "POST", headers: { "content-type": "application/json", "x-csrf": form.dataset.csrf },
      body: JSON.stringify(body),
    });
    if (answer.status === 403) { location.reload(); return new Promise(() => {}); }
    return answer.json();
  }

  async function begin(form) {
    const wrong = form.querySelector("[data-wrong]");
    const button = form.querySelector("button");
    wrong.textContent = "";
    button.disabled = true;
    try {
      const wanted = await post(form.dataset.options, form, {});
      const answer = await (form.dataset.passkey === "make" ? make(wanted) : use(wanted));
      const told = await post(form.dataset.answer, form, { answer, label: form.elements.label?.value ?? "" });
      if (told.to) { location.assign(told.to); return; }
      wrong.textContent = told.wrong;
    } catch (error) {
      wrong.textContent = error.name === "InvalidStateError"
        ? "This device has a passkey for you here already."
        : "No passkey was used. Try again, or go the other way below.";
    }
    button.disabled = false;
  }

  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-passkey]")) return;
    event.preventDefault();
    if (navigator.credentials?.create) begin(event.target);
    else event.target.querySelector("[data-wrong]").textContent = "This browser knows no passkeys.";
  });

  // Until now a press would have sent the form by itself, and nothing would have come of it.
  for (const button of document.querySelectorAll("form[data-passkey] button")) {
    button.disabled = false;
    if (button.autofocus && document.activeElement === document.body) button.focus();
  }
})();
