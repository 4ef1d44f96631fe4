/* Search and filters above a table whose rows a reader may want to find: no server, no library.
   The words are matched without accents and in any order; filters of several columns narrow one another. */
(function () {
  "use strict";

  function plain(text) {
    // letters without their accents, Arabic without its vowel signs and with one form of alif, ya and ta
    return text.normalize("NFKD").replace(/[\u0300-\u036f\u064b-\u065f\u0670]/g, "").replace(/[\u0622\u0623\u0625]/g, "\u0627")
      .replace(/\u0649/g, "\u064a").replace(/\u0629/g, "\u0647").toLowerCase();
  }

  // as the book writes numbers
  function counted(number) { return number.toLocaleString("en-GB"); }

  function setUp(frame) {
    var table = frame.querySelector("table");
    if (!table || !table.tBodies[0] || !frame.querySelector("form.aleppo-explore")) { return; }
    var rows = Array.prototype.slice.call(table.tBodies[0].rows);
    var texts = rows.map(function (row) { return plain(row.textContent); });
    var facets = JSON.parse(frame.dataset.explore);
    var bar = frame.querySelector("form.aleppo-explore");
    var words = bar.querySelector("input");
    var selects = Array.prototype.slice.call(bar.querySelectorAll("select"));
    var reset = bar.querySelector("button");
    var said = bar.querySelector("output");

    function apply() {
      var wanted = plain(words.value).split(/\s+/).filter(Boolean);
      var shown = 0;
      rows.forEach(function (row, place) {
        var fits = wanted.every(function (word) { return texts[place].indexOf(word) !== -1; })
          && selects.every(function (select, number) {
            return select.value === "" || facets[number].rows[place].indexOf(Number(select.value)) !== -1;
          });
        row.hidden = !fits;
        shown += fits;
      });
      said.textContent = (shown === rows.length ? "" : counted(shown) + " of ") + counted(rows.length) + " rows";
      reset.hidden = shown === rows.length && !words.value;
    }

    bar.addEventListener("input", apply);
    bar.addEventListener("submit", function (event) { event.preventDefault(); });
    bar.addEventListener("reset", function () { setTimeout(apply, 0); });
    apply();

    // a link to a row that a filter hides shows it
    function reveal() {
      var target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
      var row = target && target.closest("tr");
      if (row && row.hidden && table.contains(row)) { bar.reset(); }
    }
    window.addEventListener("hashchange", reveal);
  }

  function start() { document.querySelectorAll(".aleppo-table[data-explore]").forEach(setUp); }

  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", start);
  } else {
    start();
  }
})();
