/* Lists: a drop-down acts at once; the bar of many at once follows what a swap brought. */
(function () {
  "use strict";
  document.addEventListener("change", function (e) {
    var form = e.target.closest("form[data-auto]");
    if (form && e.target.tagName === "SELECT" && form.requestSubmit) form.requestSubmit();
  });
})();
