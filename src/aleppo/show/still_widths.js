/* Says in a still how long its lines are in the letters of the book, before plotly writes it down: a reader whose browser
   has other letters, as it has in a picture, sees the words no wider than there is room for them. */
(function () {
  "use strict";
  var SHORT = 12;  // pixels; one or two digits have nothing to be cut
  var ARABIC = /[\u0600-\u06ff]/;  // words joined from right to left are left as they are
  var write = XMLSerializer.prototype.serializeToString;

  function sayLength(line) {
    var length = line.getComputedTextLength();
    if (length < SHORT || ARABIC.test(line.textContent)) { return; }
    line.setAttribute("textLength", length.toFixed(1));
    line.setAttribute("lengthAdjust", "spacingAndGlyphs");
  }

  XMLSerializer.prototype.serializeToString = function (root) {
    if (root.querySelectorAll) {
      root.querySelectorAll("text").forEach(function (text) {
        var lines = text.querySelectorAll("tspan.line");
        (lines.length ? lines : [text]).forEach(sayLength);
      });
    }
    return write.call(this, root);
  };
})();
