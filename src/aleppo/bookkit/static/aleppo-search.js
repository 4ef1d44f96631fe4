/* The search as a reader meets it: in the theme's dialog and on the page of its own.
   The engine and the index are scripts, loaded from the book's own folder when somebody begins to search, so that it works
   from file://. Finds are told in a live region; arrow keys go from one to the next. */
(function () {
  "use strict";
  var folder = document.currentScript.src.replace(/[^/]*$/, "");
  var root = document.documentElement.dataset.content_root || "./";
  var PARTS = ["minisearch.js", "aleppo-search-engine.js", "aleppo-search-index.js"];
  var WAIT = 120, AROUND = 90;
  var ARABIC = /[\u0600-\u06ff]+(?:[ \u00a0\u200c-\u200f]+[\u0600-\u06ff]+)*/g;
  var WORD = /[\p{L}\p{N}][\p{L}\p{N}\p{Mn}'\u2019\u2018-]*/gu;
  var engine = null;

  function script(name) {
    return new Promise(function (done, failed) {
      var element = document.createElement("script");
      element.src = folder + name;
      element.onload = done;
      element.onerror = function () { failed(new Error(element.src)); };
      document.head.appendChild(element);
    });
  }

  function ready() {
    engine = engine || Promise.all(PARTS.map(script)).then(function () {
      var search = new window.aleppoSearch.Search(window.aleppoSearchIndex);
      return search.ready.then(function () { return search; });
    });
    return engine;
  }

  function made(name, kind, parent) {
    var element = document.createElement(name);
    if (kind) { element.className = kind; }
    if (parent) { parent.appendChild(element); }
    return element;
  }

  // Text with every run of Arabic in its language and direction.
  function say(parent, text) {
    var from = 0;
    text.replace(ARABIC, function (run, at) {
      parent.appendChild(document.createTextNode(text.slice(from, at)));
      var span = made("span", "", parent);
      span.lang = "ar";
      span.dir = "rtl";
      span.textContent = run;
      from = at + run.length;
    });
    parent.appendChild(document.createTextNode(text.slice(from)));
  }

  // Names side by side, each of them a run of its own whatever direction it is written in.
  function sayNames(parent, names) {
    names.forEach(function (name, place) {
      var run = made("bdi", "", parent);
      if (place) { parent.insertBefore(document.createTextNode(", "), run); }
      if (/[\u0600-\u06ff]/.test(name)) { run.lang = "ar"; }
      run.textContent = name;
    });
  }

  // Where words of the text are among those that were found.
  function places(text, found) {
    var search = window.aleppoSearch, sought = new Set(found), where = [], match;
    WORD.lastIndex = 0;
    while ((match = WORD.exec(text))) {
      if (search.words(match[0]).some(function (word) { return sought.has(word) || sought.has(search.key(word)); })) {
        where.push([match.index, match.index + match[0].length]);
      }
    }
    return where;
  }

  function marked(parent, text, where) {
    var from = 0;
    where.forEach(function (place) {
      say(parent, text.slice(from, place[0]));
      say(made("mark", "", parent), text.slice(place[0], place[1]));
      from = place[1];
    });
    say(parent, text.slice(from));
  }

  // The part of the text around the first word that was found, cut between words.
  function excerpt(parent, text, found) {
    var where = places(text, found), start = 0, end;
    if (where.length && where[0][0] > AROUND) { start = text.indexOf(" ", where[0][0] - AROUND) + 1; }
    end = text.length > start + 3 * AROUND ? text.lastIndexOf(" ", start + 3 * AROUND) : text.length;
    if (end <= start) { end = start + 3 * AROUND; }
    if (start) { say(parent, "… "); }
    marked(parent, text.slice(start, end), where.filter(function (place) {
      return place[0] >= start && place[1] <= end;
    }).map(function (place) { return [place[0] - start, place[1] - start]; }));
    if (end < text.length) { say(parent, " …"); }
  }

  function put(list, find) {
    var item = made("li", "", list), link = made("a", "", item), where = made("span", "aleppo-where", item);
    link.href = root + find.address;
    marked(link, find.title, places(find.title, find.words));
    say(where, [find.label, find.page === find.title ? "" : find.page].filter(Boolean).join(" · "));
    if (find.names.length) { sayNames(made("p", "", item), find.names); }
    if (find.text) { excerpt(made("p", "", item), find.text, find.words); }
  }

  function show(panel, group, most) {
    var part = made("section", "aleppo-kind", panel), head = made("h2", "", part), list = made("ul", "", part);
    head.textContent = group.kind + " (" + group.finds.length + ")";
    group.finds.slice(0, most).forEach(function (find) { put(list, find); });
    if (group.finds.length <= most) { return; }
    var more = made("button", "aleppo-all", part);
    more.type = "button";
    more.textContent = "Show all " + group.finds.length + " " + group.kind.toLowerCase();
    more.addEventListener("click", function () {
      group.finds.slice(most).forEach(function (find) { put(list, find); });
      list.children[most].querySelector("a").focus();
      more.remove();
    });
  }

  function counted(group) {
    var kind = group.kind.toLowerCase();
    return group.finds.length + " " + (group.finds.length === 1 ? kind.replace(/s$/, "") : kind);
  }

  // The finds in words, in the live region.
  function tell(status, query, result) {
    var sought = document.createElement("bdi");
    sought.textContent = query;
    if (!result.count) {
      status.replaceChildren("Nothing found for “", sought, "”.");
      return;
    }
    status.replaceChildren(result.every ? "Found for “" : "Nothing has all of the words of “", sought,
      result.every ? "”: " : "”; some of them are in: ", result.groups.map(counted).join(", ") + ".");
  }

  function answer(field, most) {
    var query = field.input.value.trim();
    if (!query) {
      field.panel.replaceChildren();
      field.status.textContent = "";
      return;
    }
    ready().then(function (search) {
      if (field.input.value.trim() !== query) { return; }
      var result = search.find(query);
      field.panel.replaceChildren();
      result.groups.forEach(function (group) { show(field.panel, group, most); });
      tell(field.status, query, result);
    }, function () { field.status.textContent = "The index of the search could not be loaded."; });
  }

  function walk(field, event) {
    var step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) { return; }
    var stops = [field.input].concat(Array.from(field.panel.querySelectorAll("a, button")));
    var next = stops[stops.indexOf(document.activeElement) + step];
    if (next) {
      event.preventDefault();
      next.focus();
    }
  }

  function attach(holder, most) {
    var input = holder.querySelector("input[name=q]"), status, panel, timer;
    if (!input) { return null; }
    status = holder.querySelector(".aleppo-told") || made("p", "aleppo-told", holder);
    status.setAttribute("role", "status");
    panel = holder.querySelector(".aleppo-finds") || made("div", "aleppo-finds", holder);
    var field = { input: input, status: status, panel: panel };
    input.addEventListener("focus", ready);
    input.addEventListener("input", function () {
      clearTimeout(timer);
      timer = setTimeout(function () { answer(field, most); }, WAIT);
    });
    holder.addEventListener("keydown", function (event) { walk(field, event); });
    return field;
  }

  function page() {
    var holder = document.querySelector(".aleppo-search"), field = holder && attach(holder, 8);
    if (!field) { return; }
    field.input.value = new URLSearchParams(location.search).get("q") || "";
    field.input.focus();
    answer(field, 8);
    holder.querySelector("form").addEventListener("submit", function (event) {
      event.preventDefault();
      answer(field, 8);
      // a page opened from a disk may not change its address
      try { history.replaceState(null, "", "?q=" + encodeURIComponent(field.input.value)); } catch (refused) { return; }
    });
  }

  function start() {
    var dialog = document.getElementById("pst-search-dialog");
    if (dialog) { attach(dialog, 3); }
    page();
  }

  if (document.readyState === "loading") { document.addEventListener("DOMContentLoaded", start); } else { start(); }
})();
