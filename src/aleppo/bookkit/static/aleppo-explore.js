/* Search and filters above a table whose rows a reader may want to find: no server, no library.
   The words are matched without accents and in any order; filters of several columns narrow one another. */
(function () {
  "use strict";

  function plain(text) {
    // letters without their accents, Arabic without its vowel signs and with one form of alif, ya and ta
    return text.normalize("NFKD").replace(/[\u0300-\u036f\u064b-\u065f\u0670]/g, "").replace(/[\u0622\u0623\u0625]/g, "\u0627")
      .replace(/\u0649/g, "\u064a").replace(/\u0629/g, "\u0647").toLowerCase();
  }

  function element(tag, attributes, text) {
    var made = document.createElement(tag);
    Object.keys(attributes).forEach(function (name) { made.setAttribute(name, attributes[name]); });
    if (text) { made.textContent = text; }
    return made;
  }

  function labelled(id, text, control) {
    var holder = element("div", { "class": "aleppo-filter" });
    control.id = id;
    holder.appendChild(element("label", { "for": id }, text));
    holder.appendChild(control);
    return holder;
  }

  function choice(facet) {
    var select = element("select", {});
    select.appendChild(element("option", { value: "" }, "all"));
    facet.choices.forEach(function (name, place) {
      var rows = facet.rows.filter(function (row) { return row.indexOf(place) !== -1; }).length;
      select.appendChild(element("option", { value: String(place) }, name + " (" + rows + ")"));
    });
    return select;
  }

  function setUp(frame) {
    var table = frame.querySelector("table");
    if (!table || !table.tBodies[0]) { return; }
    var rows = Array.prototype.slice.call(table.tBodies[0].rows);
    var texts = rows.map(function (row) { return plain(row.textContent); });
    var facets = JSON.parse(frame.dataset.explore);
    var bar = element("form", { "class": "aleppo-explore", role: "search", "aria-label": "Find rows of this table" });
    var words = element("input", { type: "search", autocomplete: "off", spellcheck: "false" });
    bar.appendChild(labelled(frame.id + "-words", "Search", words));
    var selects = facets.map(function (facet, place) {
      var select = choice(facet);
      bar.appendChild(labelled(frame.id + "-filter-" + place, facet.label, select));
      return select;
    });
    var reset = element("button", { type: "reset" }, "Show all");
    var said = element("output", { "aria-live": "polite" });
    bar.appendChild(reset);
    bar.appendChild(said);

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
      said.textContent = shown === rows.length ? rows.length + " rows" : shown + " of " + rows.length + " rows";
      reset.hidden = shown === rows.length && !words.value;
    }

    bar.addEventListener("input", apply);
    bar.addEventListener("submit", function (event) { event.preventDefault(); });
    bar.addEventListener("reset", function () { setTimeout(apply, 0); });
    frame.classList.add("aleppo-explored");
    frame.insertBefore(bar, frame.firstChild);
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
