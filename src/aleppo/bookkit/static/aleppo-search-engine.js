/* The search itself: how words are folded, and how MiniSearch is asked. Loaded when somebody searches.

   A word of the query also asks for every word of the index with the same key: what the ways of writing an Arabic name in
   Latin letters share (Ramouseh, Ramousah, Ramoussa). Arabic is indexed without vowel signs, article and the differences
   of alef, ya and ta marbuta. A name of a place in the query also asks for the other names of the place. */
(function () {
  "use strict";
  var ARTICLE = /(^|[^a-z])(?:al|el|ul|ar|as|ash|at|ath|ad|adh|az|an|er|es|esh|ed|ez|en|et)[-\u2010\u2011](?=[a-z])/g;
  var BARE_ARTICLES = new Set(["al", "el"]);
  var STOP = new Set(("a an and are as at be by for from had has have in is it its of on or that the their they this to was " +
    "were which who with").split(" "));
  // The article, alone or after a conjunction or preposition, where at least three letters are left.
  var ARABIC_ARTICLE = /^(?:[\u0648\u0641]?(?:[\u0628\u0643]?\u0627\u0644|\u0644\u0644))(?=[\u0621-\u064a]{3,})/;
  var ARABIC_SIGNS = [[/\u0640/g, ""], [/[\u0671]/g, "\u0627"], [/\u0649/g, "\u064a"], [/\u0629/g, "\u0647"],
    [/\u0621/g, ""], [/[\u06a9]/g, "\u0643"], [/[\u06cc]/g, "\u064a"]];
  // In this order; what is left of a word is compared with what is left of another.
  var LATIN_SIGNS = [
    [/^(?:al|el)(?=[a-z]{4})|^as(?=sh[a-z]{3})|^a([rsztdn])(?=\1[a-z]{3})/, ""],
    [/ou|oo|w(?=[uo])/g, "u"], [/ee|iy|yy|ii/g, "i"], [/a[iy]|e[iy]/g, "i"], [/aw/g, "au"], [/c(?=[aoul])|q/g, "k"],
    [/dj/g, "j"], [/ie/g, "i"], [/[ey]/g, "i"], [/o/g, "u"], [/(.)\1+/g, "$1"], [/^(..+?)[ai]+h?$/, "$1"]
  ];

  function folded(text, rules) {
    return rules.reduce(function (left, rule) { return left.replace(rule[0], rule[1]); }, text);
  }

  // Small letters without signs above or below, and western digits.
  function plain(text) {
    return text.normalize("NFKD").replace(/\p{Mn}/gu, "").toLowerCase().replace(/[\u0660-\u0669\u06f0-\u06f9]/g,
      function (digit) { return String(digit.charCodeAt(0) & 15); }).replace(/ı/g, "i");
  }

  // The words of a text, in order: "al-Bab" is "bab", "Sha'ar" "shaar", "F-03" also "f03".
  function words(text) {
    var ready = plain(text).replace(/(\p{L})[\u2019\u2018\u02bf\u02be\u02bc`']+(?=\p{L})/gu, "$1").replace(ARTICLE, "$1")
      .replace(/\b([a-z]{1,4})-(\d{1,3})\b/g, "$1$2");
    var found = ready.match(/[\p{L}\p{N}]+/gu) || [];
    return found.map(function (word) {
      return /[\u0600-\u06ff]/.test(word) ? folded(word, ARABIC_SIGNS).replace(ARABIC_ARTICLE, "") : word;
    }).filter(function (word) { return word && !BARE_ARTICLES.has(word); });
  }

  // What every way of writing a name in Latin letters has in common; empty for other words.
  function key(word) {
    return /^[a-z]{3,}$/.test(word) ? folded(word, LATIN_SIGNS) : "";
  }

  // What is asked of MiniSearch is a word already.
  function whole(word) { return [word]; }
  function exactly(word) { return word; }

  function same(one, other) {
    return one === other || (key(one) !== "" && key(one) === key(other));
  }

  function without(sought, name) {
    for (var at = 0; at + name.length <= sought.length; at += 1) {
      if (name.every(function (word, place) { return same(word, sought[at + place]); })) {
        return sought.slice(0, at).concat(sought.slice(at + name.length));
      }
    }
    return null;
  }

  /* Index of the book → its search, whose promise `ready` is kept once every word is noted. `index.docs` are [kind, title, page, anchor, text, label, names], with kind and page
     as places in `index.kinds` and `index.pages`. */
  function Search(index) {
    this.index = index;
    this.known = new Set();
    this.keys = new Map();
    this.engine = new MiniSearch({
      fields: ["title", "names", "label", "text"], tokenize: words, processTerm: this.noted.bind(this)
    });
    // in pieces, so that the page answers while a slow telephone reads the index
    this.ready = this.engine.addAllAsync(index.docs.map(function (doc, id) {
      return { id: id, title: doc[1], text: doc[4] || "", label: doc[5] || "", names: (doc[6] || []).join(" ") };
    }), { chunkSize: 50 });
    this.names = index.docs.filter(function (doc) { return doc[6]; }).map(function (doc) {
      return [doc[1]].concat(doc[6]).map(words).filter(function (name) { return name.length; });
    });
  }

  // A word of the index, noted under its key; null for one that is not indexed.
  Search.prototype.noted = function (word) {
    if (STOP.has(word)) { return null; }
    if (!this.known.has(word)) {
      var shared = key(word);
      this.known.add(word);
      if (shared) { this.keys.set(shared, (this.keys.get(shared) || []).concat(word)); }
    }
    return word;
  };

  // One word of the query: itself, what begins with it or is nearly it, and what has its key.
  Search.prototype.asked = function (word, weight, last) {
    var alike = (this.keys.get(key(word)) || []).filter(function (other) { return other !== word; });
    return { combineWith: "OR", queries: [{
      queries: [word], prefix: word.length > 2 || last, maxFuzzy: 2, weights: { prefix: 0.4, fuzzy: 0.2 },
      fuzzy: /\d/.test(word) || word.length < 5 ? false : word.length < 9 ? 1 : 2,
      boostTerm: function () { return weight; }
    }, {
      queries: alike, prefix: false, fuzzy: false, boostTerm: function () { return 0.6 * weight; }
    }] };
  };

  // The query, and the query with each place in it under its other names.
  Search.prototype.readings = function (sought) {
    var readings = new Map([[sought.join(" "), [sought, 1]]]);
    this.names.forEach(function (names) {
      names.forEach(function (name) {
        var rest = without(sought, name);
        if (!rest) { return; }
        names.forEach(function (other) {
          var reading = rest.concat(other);
          if (!readings.has(reading.join(" "))) { readings.set(reading.join(" "), [reading, 0.7]); }
        });
      });
    });
    return Array.from(readings.values()).slice(0, 24);
  };

  Search.prototype.ask = function (sought, combined) {
    var readings = this.readings(sought).map(function (reading) {
      return { combineWith: combined, queries: reading[0].map(function (word, place) {
        return this.asked(word, reading[1], place === reading[0].length - 1);
      }, this) };
    }, this);
    return this.engine.search({ combineWith: "OR", queries: readings }, {
      boost: { title: 4, names: 5, label: 6 }, tokenize: whole, processTerm: exactly
    });
  };

  /* The finds for a query: { count, every, groups: [{ kind, finds: [{ title, label, page, address, text, words }] }] }.
     `every` tells whether all words are in each find; else any of them is. The kind of the best find comes first. */
  Search.prototype.find = function (query) {
    var sought = words(query), bare = sought.filter(function (word) { return !STOP.has(word); });
    sought = bare.length ? bare : sought;
    if (!sought.length) { return { count: 0, every: true, groups: [] }; }
    var hits = this.ask(sought, "AND"), every = hits.length > 0, groups = new Map(), index = this.index;
    if (!every && sought.length > 1) { hits = this.ask(sought, "OR"); }
    hits.forEach(function (hit) {
      var doc = index.docs[hit.id], page = index.pages[doc[2]], kind = index.kinds[doc[0]];
      if (!groups.has(kind)) { groups.set(kind, { kind: kind, finds: [] }); }
      groups.get(kind).finds.push({
        title: doc[1], text: doc[4] || "", label: doc[5] || "", names: doc[6] || [], page: page[1], words: hit.terms,
        address: page[0] + (doc[3] ? "#" + doc[3] : "")
      });
    });
    var kinds = Array.from(groups.keys()), first = kinds[0];
    kinds.sort(function (one, other) {
      return (other === first) - (one === first) || index.kinds.indexOf(one) - index.kinds.indexOf(other);
    });
    return { count: hits.length, every: every, groups: kinds.map(function (kind) { return groups.get(kind); }) };
  };

  window.aleppoSearch = { Search: Search, words: words, key: key };
})();
