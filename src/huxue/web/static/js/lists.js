/* Lists: a drop-down acts at once; the bar of many at once follows what a swap brought. */
(function () {
  "use strict";
  document.addEventListener("submit", function (e) {  /* nothing empty in the address */
    if (!e.target.matches("form[data-auto]")) return;
    Array.prototype.forEach.call(e.target.elements, function (one) {
      if (!one.value && one.name) one.disabled = true;
    });
  });
  document.addEventListener("change", function (e) {
    var form = e.target.closest("form[data-auto]");
    if (form && e.target.tagName === "SELECT" && form.requestSubmit) form.requestSubmit();
  });
})();
