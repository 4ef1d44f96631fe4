/* Sorts the book's tables by a click, or Enter or Space, on a heading; a third time restores the order. */
(function () {
  "use strict";
  var ORDERS = ["ascending", "descending", "none"];

  function keysOf(rows, column, stored) {
    return rows.map(function (row, place) {
      var key = stored ? stored[place] : row.cells[column].textContent.trim();
      return key === "–" || key === "" || key === undefined ? null : key;
    });
  }

  function compare(one, other, sign) {
    // what is missing stays last, whichever way the column is sorted
    if (one === null || other === null) { return (one === null) - (other === null); }
    var plain = typeof one === "number" ? one - other : String(one).localeCompare(String(other), "en", { numeric: true });
    return sign * plain;
  }

  // on a telephone a row of many words is stacked, each cell with its column's name (aleppo.css)
  function nameCells(body, heads) {
    Array.prototype.forEach.call(body.rows, function (row) {
      Array.prototype.forEach.call(row.cells, function (cell, place) {
        cell.dataset.label = heads[place].textContent.trim();
      });
    });
  }

  function setUp(frame) {
    var table = frame.querySelector("table");
    var body = table && table.tBodies[0];
    var heads = table && table.tHead ? Array.prototype.slice.call(table.tHead.rows[0].cells) : [];
    if (!body) { return; }
    if (frame.classList.contains("aleppo-wordy")) { nameCells(body, heads); }
    if (body.rows.length < 3) { return; }
    var first = Array.prototype.slice.call(body.rows);
    var stored = JSON.parse(frame.dataset.sort || "[]");

    function sort(column) {
      var now = ORDERS.indexOf(heads[column].getAttribute("aria-sort"));
      var order = ORDERS[(now + 1) % 3];
      if (now === -1) { order = ORDERS[0]; }
      heads.forEach(function (head) { head.removeAttribute("aria-sort"); });
      var rows = first.slice();
      if (order !== "none") {
        heads[column].setAttribute("aria-sort", order);
        var keys = keysOf(first, column, stored[column]);
        var sign = order === "ascending" ? 1 : -1;
        rows = first.map(function (_, place) { return place; }).sort(function (one, other) {
          return compare(keys[one], keys[other], sign) || one - other;
        }).map(function (place) { return first[place]; });
      }
      rows.forEach(function (row, place) {
        row.className = place % 2 ? "row-odd" : "row-even";
        body.appendChild(row);
      });
    }

    heads.forEach(function (head, column) {
      var button = document.createElement("button");
      button.type = "button";
      button.className = "aleppo-sort";
      var text = head.querySelector("p") || head;
      while (text.firstChild) { button.appendChild(text.firstChild); }
      text.appendChild(button);
      button.addEventListener("click", function () { sort(column); });
    });
  }

  function start() { document.querySelectorAll(".aleppo-table").forEach(setUp); }

  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", start);
  } else {
    start();
  }
})();
