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
  // are there at once, else asked for before the style sheet that names them. Those that came later would move words.
  if (disk) { root.dataset.disk = ""; }
  if (localStorage.getItem("letters")) { root.dataset.letters = "here"; }
  if (localStorage.getItem("arabic")) { root.dataset.arabic = "here"; }
  var letters = document.querySelector('meta[name="aleppo-letters"]');
  if (letters && !disk && matchMedia("(min-width: 768px)").matches) {
    letters.content.split(" ").forEach(function (address) {
      var link = document.createElement("link");
      link.rel = "preload";
      link.as = "font";
      link.type = "font/woff2";
      link.crossOrigin = "";
      link.href = address;
      document.head.appendChild(link);
    });
  }
})();
