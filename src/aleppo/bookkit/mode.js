/* What a page decides before any of it is shown, besides the reader's own choice of colours. */
(function () {
  "use strict";
  var root = document.documentElement;
  var disk = location.protocol === "file:";
  // Without a choice the colours are those of the reader's machine: the theme's script, which says so too, comes when
  // all may have been seen.
  if (!/^(light|dark)$/.test(root.dataset.mode)) {
    root.dataset.theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  }
  // The letters of the book: on a telephone only when they are there already (aleppo-letters.js), from a disk as they
  // are there at once, else asked for before the style sheet that names them.
  if (disk) { root.dataset.disk = ""; }
  ["letters", "arabic"].forEach(function (name) {
    if (localStorage.getItem(name)) { root.dataset[name] = "here"; }
  });
  var letters = document.querySelector('meta[name="aleppo-letters"]');
  if (letters && !disk && matchMedia("(min-width: 768px)").matches) {
    letters.content.split(" ").forEach(function (address) {
      document.head.appendChild(Object.assign(document.createElement("link"), {
        rel: "preload", as: "font", type: "font/woff2", crossOrigin: "", href: address
      }));
    });
  }
})();
