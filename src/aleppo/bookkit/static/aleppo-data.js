/* The rows of a chart as a table, in a fold under it: made when the fold is first opened, from a script that holds the
   same lines as the CSV file (a page on a disk may not read the file itself). */
(function () {
  "use strict";
  var ARABIC = /[\u0600-\u06ff]/;
  var NUMBER = /^-?\d[\d.]*$/;

  /* The rows of a CSV text; a field in quotes may hold commas, line breaks and doubled quotes. */
  function rowsOf(text) {
    var rows = [[]];
    text.replace(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g, function (whole, quoted, plain, end) {
      if (!whole) { return ""; }
      rows[rows.length - 1].push(quoted === undefined ? plain : quoted.replace(/""/g, '"'));
      if (end !== ",") { rows.push([]); }
      return "";
    });
    return rows.filter(function (row) { return row.length; });
  }

  function element(tag, text) {
    var made = document.createElement(tag);
    if (text !== undefined) { made.textContent = text; }
    return made;
  }

  function row(cells, tag, numbers) {
    var made = element("tr");
    cells.forEach(function (text, place) {
      var cell = made.appendChild(element(tag, text));
      if (tag === "th") { cell.scope = "col"; }
      if (numbers[place]) { cell.className = "text-right"; }
      if (ARABIC.test(text)) { cell.lang = "ar"; cell.dir = "rtl"; }
    });
    return made;
  }

  function table(text, name) {
    var rows = rowsOf(text);
    var head = rows.shift();
    var numbers = head.map(function (_, place) {
      return rows.every(function (cells) { return !cells[place] || NUMBER.test(cells[place]); });
    });
    var frame = element("div");
    frame.className = "pst-scrollable-table-container aleppo-rows-of";
    frame.tabIndex = 0;
    frame.setAttribute("role", "region");
    frame.setAttribute("aria-label", name);
    var made = frame.appendChild(element("table"));
    made.className = "table";
    made.appendChild(element("thead")).appendChild(row(head, "th", numbers));
    var body = made.appendChild(element("tbody"));
    rows.forEach(function (cells) { body.appendChild(row(cells, "td", numbers)); });
    return frame;
  }

  function open(fold) {
    if (!fold.open || fold.dataset.state) { return; }
    fold.dataset.state = "loading";
    var script = element("script");
    script.src = fold.dataset.rows;
    script.onload = function () {
      var name = "Data of the chart: " + fold.dataset.title;
      fold.querySelector("p").replaceWith(table(window.aleppoRows[fold.dataset.of], name));
      fold.dataset.state = "made";
    };
    // the link to the file stays
    script.onerror = function () { delete fold.dataset.state; };
    document.head.appendChild(script);
  }

  document.querySelectorAll("details.aleppo-data").forEach(function (fold) {
    fold.addEventListener("toggle", function () { open(fold); });
    open(fold);
  });
})();
