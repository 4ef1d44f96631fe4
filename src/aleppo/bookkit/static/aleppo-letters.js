/* A telephone reads its first page in its own letters, so that the line is free for what is read; the book's come
   once that page is there, and are on the pages after it (aleppo-mode.js reads the note that is left here). */
(function () {
  "use strict";
  var root = document.documentElement;

  function note(name, letters) {
    Promise.all(letters).then(function (faces) {
      try { if (faces.flat().length) { localStorage.setItem(name, "here"); } } catch (error) { /* no notes are kept */ }
    }, function () { /* the reader's own letters do */ });
  }

  // all pieces that the title needs: another language may need more of them than English
  function load(weight, family) { return document.fonts.load(weight + " 1rem " + family, "a" + document.title); }

  // aleppo-mode.js holds a page in another language, and lets it go without its letters when they are late
  if (root.dataset.held === "now") {
    var family = getComputedStyle(document.querySelector("article div[lang]")).fontFamily;
    Promise.all([load("400", family), load("700", family)]).catch(function () { /* shown without them */ })
      .then(function () { if (root.dataset.held === "now") { root.dataset.held = "over"; } });
  }

  function fetchLetters() {
    note("letters", [load("400", '"Source Sans 3"')]);
    // a few words among others are not worth these
    if (document.querySelector('article div[lang="ar"]')) {
      note("arabic", [load("400", "Amiri"), load("700", "Amiri")]);
    }
  }

  if (document.readyState === "complete") {
    fetchLetters();
  } else {
    window.addEventListener("load", fetchLetters);
  }
})();
