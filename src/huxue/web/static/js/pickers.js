/* Pickers search as one types: a list below the control; arrows, Enter and Esc; several are separated by semicolons.
   Without this script names and codes are typed. */
(function () {
  "use strict";
  [].forEach.call(document.querySelectorAll("[data-pick-from]"), function (box) {
    var source = box.getAttribute("data-pick-from");
    if (!source) return;
    var many = box.getAttribute("data-pick-many") === "1";
    var list = document.createElement("ul"), at = -1, timer = 0, asked = 0;
    list.className = "combo-list"; list.hidden = true; list.id = box.id + "-list"; list.setAttribute("role", "listbox");
    if (box.labels && box.labels[0]) list.setAttribute("aria-label", box.labels[0].textContent);
    box.parentNode.appendChild(list);
    box.setAttribute("role", "combobox"); box.setAttribute("aria-controls", list.id);
    box.setAttribute("aria-autocomplete", "list"); box.setAttribute("aria-expanded", "false");
    function cut() { return many ? Math.max(box.value.lastIndexOf("；"), box.value.lastIndexOf(";")) + 1 : 0; }
    function close() { list.hidden = true; at = -1; box.setAttribute("aria-expanded", "false"); box.removeAttribute("aria-activedescendant"); }
    function take(li) {
      var head = box.value.slice(0, cut());
      box.value = head + li.getAttribute("data-value") + (many ? "；" : "");
      close(); box.focus(); box.dispatchEvent(new Event("change", { bubbles: true }));
    }
    function mark(n) {
      var all = list.children;
      if (!all.length) return;
      at = (n + all.length) % all.length;
      [].forEach.call(all, function (li, i) { li.setAttribute("aria-selected", i === at ? "true" : "false"); });
      box.setAttribute("aria-activedescendant", all[at].id);
      all[at].scrollIntoView({ block: "nearest" });
    }
    function ask() {
      var mine = ++asked, q = box.value.slice(cut()).trim();
      fetch(source + (source.indexOf("?") < 0 ? "?" : "&") + "q=" + encodeURIComponent(q), { credentials: "same-origin" })
        .then(function (r) { return r.ok ? r.json() : []; })
        .then(function (found) {
          if (mine !== asked || document.activeElement !== box) return;
          list.textContent = "";
          found.forEach(function (one, i) {
            var li = document.createElement("li"), b = document.createElement("b"), s = document.createElement("small");
            li.id = list.id + "-" + i; li.setAttribute("role", "option"); li.setAttribute("data-value", one.value);
            b.textContent = one.name; s.textContent = one.note; li.appendChild(b); li.appendChild(s);
            li.addEventListener("mousedown", function (e) { e.preventDefault(); take(li); });
            list.appendChild(li);
          });
          at = -1; list.hidden = !found.length; box.setAttribute("aria-expanded", found.length ? "true" : "false");
        }).catch(close);
    }
    box.addEventListener("input", function () { clearTimeout(timer); timer = setTimeout(ask, 180); });
    box.addEventListener("focus", function () { if (!box.value.slice(cut()).trim()) ask(); });
    box.addEventListener("blur", close);
    box.addEventListener("keydown", function (e) {
      if (e.key === "ArrowDown") { e.preventDefault(); if (list.hidden) ask(); else mark(at + 1); }
      if (e.key === "ArrowUp" && !list.hidden) { e.preventDefault(); mark(at - 1); }
      if (e.key === "Enter" && !list.hidden && at >= 0) { e.preventDefault(); take(list.children[at]); }
      if (e.key === "Escape") close();
    });
  });
})();
