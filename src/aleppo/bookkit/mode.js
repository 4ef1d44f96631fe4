/* What a page decides before it is shown, besides the reader's choice of colours. */
(function () {
  "use strict";
  var own = document.documentElement.dataset;
  var disk = location.protocol === "file:", desk = matchMedia("(min-width: 768px)").matches;
  // Without a choice the machine's: the theme's script comes too late.
  if (!/^(light|dark)$/.test(own.mode)) {
    own.theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  }
  // A telephone shows the letters it has (aleppo-letters.js); others ask for them first.
  if (disk) { own.disk = ""; }
  ["letters", "arabic"].forEach(function (name) {
    if (localStorage.getItem(name)) { own[name] = "here"; }
  });
  var letters = document.querySelector('meta[name="aleppo-letters"]');
  if (letters && desk && !disk) {
    letters.content.split(" ").forEach(function (address) {
      document.head.appendChild(Object.assign(document.createElement("link"), {
        rel: "preload", as: "font", type: "font/woff2", crossOrigin: "", href: address
      }));
    });
  }
  // A page in another language waits for them, at most three seconds.
  var note = letters && letters.dataset.heldFor;
  if (note && (desk || own[note])) {
    own.held = "now";
    setTimeout(function () { if (own.held === "now") { own.held = "late"; } }, 3000);
  }
})();
