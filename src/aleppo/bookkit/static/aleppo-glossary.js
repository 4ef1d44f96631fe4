/* The definition beside a link to the glossary. The style sheet shows it on hover and on focus; this keeps it inside
   the window, and lets Escape put it away until the pointer or the keyboard leaves the link. */
(function () {
  "use strict";
  var EDGE = 16;

  function markOf(target) {
    return target instanceof Element ? target.closest(".aleppo-term") : null;
  }

  function place(event) {
    var mark = markOf(event.target);
    if (!mark) { return; }
    var words = mark.querySelector(".aleppo-definition");
    words.style.transform = "";
    words.classList.remove("aleppo-above");
    var box = words.getBoundingClientRect();
    var over = box.right - (document.documentElement.clientWidth - EDGE);
    if (over > 0) { words.style.transform = "translateX(" + -Math.ceil(over) + "px)"; }
    if (box.bottom > window.innerHeight - EDGE / 2) { words.classList.add("aleppo-above"); }
  }

  function leave(event) {
    var mark = markOf(event.target);
    if (mark && !mark.contains(event.relatedTarget)) { mark.classList.remove("aleppo-hushed"); }
  }

  document.addEventListener("mouseover", place);
  document.addEventListener("focusin", place);
  document.addEventListener("mouseout", leave);
  document.addEventListener("focusout", leave);
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") { return; }
    document.querySelectorAll(".aleppo-term:hover, .aleppo-term:focus-within").forEach(function (mark) {
      mark.classList.add("aleppo-hushed");
    });
  });
})();
