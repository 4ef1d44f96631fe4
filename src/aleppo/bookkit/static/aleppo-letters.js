/* A telephone reads its first page in its own letters, so that the line is free for what is read; the book's come
   once that page is there, and are on the pages after it (aleppo-mode.js reads the note that is left here). */
(function () {
  "use strict";
  function note(name, letters) {
    Promise.all(letters).then(function (faces) {
      try { if (faces.flat().length) { localStorage.setItem(name, "here"); } } catch (error) { /* no notes are kept */ }
    }, function () { /* the reader's own letters do */ });
  }

  function fetchLetters() {
    // in the pieces that the title needs: another language may need more of them than English
    note("letters", [document.fonts.load('1rem "Source Sans 3"', "a" + document.title)]);
    // a few words among others are not worth these
    if (document.querySelector('article div[lang="ar"]')) {
      note("arabic", ["400", "700"].map(function (weight) { return document.fonts.load(weight + " 1rem Amiri", "ح"); }));
    }
  }

  if (document.readyState === "complete") {
    fetchLetters();
  } else {
    window.addEventListener("load", fetchLetters);
  }
})();
