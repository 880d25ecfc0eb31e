// Hands what a page asks for to the browser's passkeys, and their answer back with the page's own form.
"use strict";

(() => {
  const form = document.querySelector("form[data-passkey]");
  if (!form) return;
  const asked = JSON.parse(form.dataset.asked);
  const isNew = form.dataset.passkey === "new";

  const bytes = text => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), sign => sign.charCodeAt(0));
  const text = buffer =>
    btoa(Array.from(new Uint8Array(buffer), byte => String.fromCharCode(byte)).join(""))
      .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const known = list => (list || []).map(one => ({...one, id: bytes(one.id)}));

  const wanted = () => {
    const publicKey = {...asked, challenge: bytes(asked.challenge)};
    if (!isNew) return {publicKey: {...publicKey, allowCredentials: known(asked.allowCredentials)}};
    const user = {...asked.user, id: bytes(asked.user.id)};
    return {publicKey: {...publicKey, user, excludeCredentials: known(asked.excludeCredentials)}};
  };

  const said = made => {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (made.response[name]) response[name] = text(made.response[name]);
    }
    return JSON.stringify({id: made.id, rawId: text(made.rawId), type: made.type, response});
  };

  const show = name => {
    for (const part of document.querySelectorAll("[data-passkey-told]")) part.hidden = part.dataset.passkeyTold !== name;
  };

  const ask = async () => {
    show("waiting");
    try {
      const made = await (isNew ? navigator.credentials.create(wanted()) : navigator.credentials.get(wanted()));
      form.elements.answer.value = said(made);
      HTMLFormElement.prototype.submit.call(form);
    } catch {
      show("failed");
    }
  };

  form.addEventListener("submit", event => {
    event.preventDefault();
    ask();
  });
  if (!window.PublicKeyCredential) show("unknown");
  else if (!isNew) ask();
})();
