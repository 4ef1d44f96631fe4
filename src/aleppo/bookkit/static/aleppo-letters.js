/* A telephone reads its first page in its own letters, so that the line is free for what is read; the book's come
   once that page is there, and are on the pages after it (aleppo-mode.js reads the note that is left here). */
(function () {
  "use strict";
  function fetchLetters() {
    document.fonts.load('1rem "Source Sans 3"').then(function (faces) {
      try { if (faces.length) { localStorage.setItem("letters", "here"); } } catch (error) { /* no notes are kept */ }
    }, function () { /* the reader's own letters do */ });
  }

  if (document.readyState === "complete") {
    fetchLetters();
  } else {
    window.addEventListener("load", fetchLetters);
  }
})();
