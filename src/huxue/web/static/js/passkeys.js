/* Passkeys: asks the device, puts its answer into the form, sends the form. Works with allauth's own JSON. */
(function () {
  "use strict";
  function bytes(text) {
    var plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    var out = new Uint8Array(plain.length);
    for (var i = 0; i < plain.length; i += 1) out[i] = plain.charCodeAt(i);
    return out.buffer;
  }
  function text(buffer) {
    if (!buffer) return null;
    var plain = "";
    new Uint8Array(buffer).forEach(function (b) { plain += String.fromCharCode(b); });
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
  }
  function prepared(options) {
    var key = options.publicKey;
    key.challenge = bytes(key.challenge);
    if (key.user) {
      key.user.id = bytes(key.user.id);
      key.authenticatorSelection.residentKey = "required"; // so that no user name has to be typed
      key.authenticatorSelection.requireResidentKey = true;
      key.authenticatorSelection.userVerification = "required";
    }
    (key.excludeCredentials || []).concat(key.allowCredentials || []).forEach(function (one) { one.id = bytes(one.id); });
    return options;
  }
  function said(found) {
    var response = found.response, out = { clientDataJSON: text(response.clientDataJSON) };
    if (response.attestationObject) {
      out.attestationObject = text(response.attestationObject);
      out.transports = response.getTransports ? response.getTransports() : [];
    } else {
      out.authenticatorData = text(response.authenticatorData);
      out.signature = text(response.signature);
      out.userHandle = text(response.userHandle);
    }
    return {
      type: found.type, id: found.id, rawId: text(found.rawId),
      authenticatorAttachment: found.authenticatorAttachment || null,
      response: out, clientExtensionResults: found.getClientExtensionResults()
    };
  }
  function options(form) {
    if (form.dataset.options) return Promise.resolve(JSON.parse(form.dataset.options));
    return fetch(form.dataset.ask, { headers: { Accept: "application/json" }, credentials: "same-origin" })
      .then(function (answer) {
        if (!answer.ok) throw new Error(String(answer.status));
        return answer.json();
      })
      .then(function (all) { return all.request_options; });
  }
  document.querySelectorAll("form[data-passkey]").forEach(function (form) {
    var failed = form.querySelector("[data-failed]");
    form.addEventListener("submit", function (e) {
      e.preventDefault();
      failed.hidden = true;
      if (!window.PublicKeyCredential) { failed.hidden = false; return; }
      options(form).then(prepared).then(function (ready) {
        return form.dataset.passkey === "create" ? navigator.credentials.create(ready) : navigator.credentials.get(ready);
      }).then(function (found) {
        form.elements.credential.value = JSON.stringify(said(found));
        form.submit();
      }).catch(function () { failed.hidden = false; });
    });
  });
})();
