/* Loads the scripts that a page of a figure has no use for before its first figure is drawn: on a slow line plotly
   comes before them (aleppo-figure.js calls `aleppoLater` when it has), unless a reader asks for something first. */
(function () {
  "use strict";
  var names = document.currentScript.dataset.scripts.split(" ");
  // a figure that does not come keeps nothing waiting; milliseconds
  var PATIENCE = 4000;
  var SIGNS = ["pointerdown", "keydown", "touchstart"];

  window.aleppoLater = function () {
    SIGNS.forEach(function (sign) { window.removeEventListener(sign, window.aleppoLater, true); });
    names.splice(0).forEach(function (name) {
      var script = document.createElement("script");
      script.src = name;
      script.async = false;
      document.head.appendChild(script);
    });
  };

  SIGNS.forEach(function (sign) { window.addEventListener(sign, window.aleppoLater, { capture: true, passive: true }); });
  window.setTimeout(window.aleppoLater, PATIENCE);
})();
