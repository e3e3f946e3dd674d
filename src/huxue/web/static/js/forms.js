/* Forms: files with their progress, drafts, the place of the device.
   Without this script every control still works: files travel with the form. */
(function () {
  "use strict";
  var form = document.querySelector("form[data-form]");
  if (!form) return;
  var zh = document.documentElement.lang.indexOf("zh") === 0;
  function say(a, b) { return zh ? a : b; }
  var token = form.querySelector("[name=csrfmiddlewaretoken]").value;

  // 1. Errors: the summary takes the focus
  var sum = document.querySelector("[data-errsum]");
  if (sum) sum.focus();

  // Boxes of text grow with what is typed
  function grow(box) { box.style.height = "auto"; box.style.height = (box.scrollHeight + 2) + "px"; }
  [].forEach.call(form.querySelectorAll("[data-grow]"), function (box) {
    grow(box); box.addEventListener("input", function () { grow(box); });
  });

  // 2. Files go ahead of the form, one by one, each with its progress
  [].forEach.call(form.querySelectorAll("[data-files]"), function (place) {
    var input = place.querySelector("input[type=file]"), list = place.querySelector(".files");
    var name = place.getAttribute("data-files"), photos = place.getAttribute("data-photos"), many = place.getAttribute("data-many") === "1";
    input.addEventListener("change", function () {
      [].forEach.call(input.files, send);
      input.value = "";
    });
    place.addEventListener("click", function (e) {
      var b = e.target.closest("button[name=drop]");
      if (!b) return;
      e.preventDefault(); b.closest("li").remove(); input.focus(); changed();
    });
    function send(file) {
      if (!many) list.textContent = "";
      var li = document.createElement("li"), bar = document.createElement("progress"), text = document.createElement("span");
      bar.max = 100; bar.value = 0; text.textContent = file.name; li.appendChild(bar); li.appendChild(text); list.appendChild(li);
      var body = new FormData(), x = new XMLHttpRequest();
      body.append("file", file); body.append("photos", photos); body.append("csrfmiddlewaretoken", token);
      x.open("POST", form.getAttribute("data-upload"));
      x.upload.addEventListener("progress", function (e) { if (e.lengthComputable) bar.value = 100 * e.loaded / e.total; });
      x.addEventListener("load", function () {
        var said = {};
        try { said = JSON.parse(x.responseText); } catch (err) { /* not ours */ }
        if (x.status !== 200) return failed(said.refused || say("没有传上，请重试", "not sent, try again"));
        done(li, said);
      });
      x.addEventListener("error", function () { failed(say("网络中断，没有传上，请重试", "no network: not sent, try again")); });
      x.send(body);
      function failed(sentence) {
        bar.remove(); text.textContent = sentence; li.className = "err"; li.setAttribute("role", "alert");
      }
    }
    function done(li, said) {
      li.textContent = "";
      var hidden = document.createElement("input"), span = document.createElement("span"), b = document.createElement("button");
      hidden.type = "hidden"; hidden.name = name; hidden.value = said.value; li.appendChild(hidden);
      if (said.picture) { var img = document.createElement("img"); img.src = said.address; img.alt = ""; li.appendChild(img); }
      span.textContent = said.name; li.appendChild(span);
      b.type = "button"; b.name = "drop"; b.className = "btn btn-s"; b.textContent = say("移除", "Remove");
      b.setAttribute("aria-label", b.textContent + " " + said.name); li.appendChild(b);
      changed();
    }
  });

  // 3. Where the device is: only when asked
  [].forEach.call(form.querySelectorAll("[data-place]"), function (place) {
    var button = place.querySelector("[data-here]");
    if (!button || !navigator.geolocation || !window.isSecureContext) return;
    button.hidden = false;
    button.addEventListener("click", function () {
      navigator.geolocation.getCurrentPosition(function (p) {
        place.querySelector("[name$='.lat']").value = p.coords.latitude.toFixed(6);
        place.querySelector("[name$='.lon']").value = p.coords.longitude.toFixed(6);
        place.querySelector("[name$='.crs']").value = "wgs84";
        changed();
      });
    });
  });

  // 4. Drafts: after leaving a control and at most every ten seconds while typing
  var said = form.querySelector("[data-draft-said]"), dirty = false, due = 0, sent = false;
  function changed() { dirty = true; if (!due) due = setTimeout(keep, 10000); }
  function keep() {
    clearTimeout(due); due = 0;
    if (!dirty || sent) return;
    dirty = false;
    var body = new URLSearchParams();
    new FormData(form).forEach(function (v, k) { if (typeof v === "string" && k !== "opened") body.append(k, v); });
    body.append("form", form.getAttribute("data-form"));
    fetch(form.getAttribute("data-drafts"), { method: "POST", body: body, credentials: "same-origin" })
      .then(function (r) { return r.ok ? r.json() : {}; })
      .then(function (r) { if (r.kept && said) said.textContent = say("草稿已保存", "Draft kept"); })
      .catch(function () { dirty = true; });
  }
  form.addEventListener("input", changed);
  form.addEventListener("change", function () { dirty = true; keep(); });
  form.addEventListener("submit", function () { sent = true; });
})();
