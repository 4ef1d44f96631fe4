/* What a citation stands for, beside it while the pointer or the focus is on it; Escape puts it away.
   The list of sources is a script of its own, fetched when a reader first comes to a citation. Without scripts, and
   before the list is there, the link leads to the bibliography all the same. */
(function () {
  "use strict";
  var folder = document.currentScript.src.replace(/[^/]*$/, "");
  var LINK = ".bibtex-citation a.reference";
  var EDGE = 16;
  var REST = 200;
  var box = null;
  var now = null;
  var going = null;
  var list = null;

  function sources() {
    if (!list) {
      list = new Promise(function (done, failed) {
        var script = document.createElement("script");
        script.src = folder + "aleppo-source-list.js";
        script.onload = function () { done(window.aleppoSources || {}); };
        script.onerror = function () { list = null; failed(new Error(script.src)); };
        document.head.appendChild(script);
      });
    }
    return list;
  }

  function make() {
    box = document.createElement("div");
    box.id = "aleppo-source";
    box.className = "aleppo-source";
    box.setAttribute("role", "tooltip");
    box.addEventListener("mouseenter", function () { window.clearTimeout(going); });
    box.addEventListener("mouseleave", leave);
    document.body.appendChild(box);
  }

  function place(link) {
    // a citation that breaks over two lines has a box for each
    var line = link.getClientRects()[0];
    if (!line) { hide(); return; }
    box.style.left = Math.max(EDGE, Math.min(line.left, document.documentElement.clientWidth - box.offsetWidth - EDGE)) + "px";
    var below = line.bottom + 2;
    box.style.top = (below + box.offsetHeight > window.innerHeight ? Math.max(0, line.top - box.offsetHeight - 2) : below) + "px";
  }

  function show(link) {
    window.clearTimeout(going);
    if (now === link) { return; }
    hide();
    now = link;
    sources().then(function (known) {
      var words = known[link.hash.slice(1)];
      if (!words || now !== link) { return; }
      if (!box) { make(); }
      box.textContent = words;
      box.hidden = false;
      link.setAttribute("aria-describedby", box.id);
      place(link);
    }, function () { now = null; });
  }

  function hide() {
    window.clearTimeout(going);
    if (now) { now.removeAttribute("aria-describedby"); }
    if (box) { box.hidden = true; }
    now = null;
  }

  /* The pointer may move on to the words, to read or to copy them. */
  function leave() {
    window.clearTimeout(going);
    going = window.setTimeout(hide, REST);
  }

  function linkOf(event) {
    return event.target instanceof Element ? event.target.closest(LINK) : null;
  }

  document.addEventListener("mouseover", function (event) { if (linkOf(event)) { show(linkOf(event)); } });
  document.addEventListener("mouseout", function (event) { if (linkOf(event)) { leave(); } });
  document.addEventListener("focusin", function (event) { if (linkOf(event)) { show(linkOf(event)); } });
  document.addEventListener("focusout", function (event) { if (linkOf(event)) { hide(); } });
  document.addEventListener("keydown", function (event) { if (event.key === "Escape") { hide(); } });
  document.addEventListener("scroll", function () { if (now && box && !box.hidden) { place(now); } }, true);
})();
