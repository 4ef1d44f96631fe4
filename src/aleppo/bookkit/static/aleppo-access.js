/* Frames that scroll are stops of the keyboard; those that need not scroll are none. The theme asks once, before
   tables that are laid out late have their size, and headings of fonts theirs. */
(function () {
  "use strict";

  function follow(frame) {
    // the rows of a long table are laid out when a reader comes near, whether by pointer or by keyboard
    var long = frame.closest(".aleppo-long");
    function settle() {
      var scrolls = long || frame.scrollWidth > frame.clientWidth + 1 || frame.scrollHeight > frame.clientHeight + 1;
      frame.tabIndex = scrolls ? 0 : -1;
    }
    var watch = new ResizeObserver(settle);
    watch.observe(frame);
    Array.prototype.forEach.call(frame.children, function (child) { watch.observe(child); });
  }

  function start() {
    document.querySelectorAll(".pst-scrollable-table-container, div.math[tabindex]").forEach(follow);
  }

  if (document.readyState === "complete") {
    start();
  } else {
    window.addEventListener("load", start);
  }
})();
