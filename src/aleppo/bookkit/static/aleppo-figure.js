/* Draws the book's figures when they come near the screen.
   Works from file:// (no fetch, no module) and asks no other machine for anything. Until a figure is drawn,
   and wherever it cannot be, the page shows its still. Colours and templates come from aleppo-theme.js. */
(function () {
  "use strict";
  var folder = document.currentScript.src.replace(/[^/]*$/, "");
  var house = window.aleppoTheme;
  var root = document.documentElement;
  var small = window.matchMedia("(max-width: " + house.narrowWidth + "px)");
  var coarse = window.matchMedia("(pointer: coarse)");
  var COLOUR = /#[0-9a-f]{6}\b|rgba?\(\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)\s*(?:,\s*([0-9.]+)\s*)?\)/gi;
  // a figure is drawn when it is less than a screen away
  var AHEAD = "100% 0px";
  // how much smaller letters may become where they are wider than the book's
  var SMALLEST = 0.8;
  var library = null;
  var waiting = [];

  window.PlotlyConfig = { MathJaxConfig: "local" };

  function plotly() {
    if (!library) {
      library = new Promise(function (done, failed) {
        var script = document.createElement("script");
        script.src = folder + "plotly.min.js";
        script.onload = function () { window.Plotly ? done(window.Plotly) : failed(new Error("no Plotly")); };
        script.onerror = function () { failed(new Error(script.src)); };
        document.head.appendChild(script);
      });
    }
    return library;
  }

  function hex(number) { return (256 + Number(number)).toString(16).slice(1); }

  function dark(value) {
    if (typeof value === "string") {
      return value.replace(COLOUR, function (found, red, green, blue, alpha) {
        var plain = red === undefined ? found.toLowerCase() : "#" + hex(red) + hex(green) + hex(blue);
        var pair = house.dark[plain];
        if (!pair) { return found; }
        if (alpha === undefined) { return pair; }
        var parts = [1, 3, 5].map(function (at) { return parseInt(pair.slice(at, at + 2), 16); });
        // a faint tint is seen less on the dark ground than on white
        var faint = alpha > 0 && alpha < 0.5 ? house.lift * (1 - 4 * alpha * alpha) : 0;
        return "rgba(" + parts.join(",") + "," + Number((Number(alpha) + faint).toFixed(3)) + ")";
      });
    }
    if (Array.isArray(value)) {
      // long runs of numbers hold no colour; a step of a colour scale, [0, "#ffffff"], does
      var ends = value.length ? typeof value[0] + typeof value[value.length - 1] : "";
      return ends === "numbernumber" ? value : value.map(dark);
    }
    if (value && typeof value === "object") {
      var copy = {};
      Object.keys(value).forEach(function (key) { copy[key] = dark(value[key]); });
      return copy;
    }
    return value;
  }

  function isPlain(value) { return value && typeof value === "object" && !Array.isArray(value); }

  function merged(base, over) {
    var result = Object.assign({}, base);
    Object.keys(over || {}).forEach(function (key) {
      result[key] = isPlain(result[key]) && isPlain(over[key]) ? merged(result[key], over[key]) : over[key];
    });
    return result;
  }

  /* How much wider than the book's letters those are that a chart gets: a page whose typeface came too late, or does
     not come, is set in the reader's own. */
  function widened() {
    var pen = document.createElement("canvas").getContext("2d"), letters = house.letters;
    pen.font = "100px " + house.template.layout.font.family;
    return pen.measureText(letters.sample).width / (100 * letters.sample.length * letters.width);
  }

  /* What is written in a chart, smaller by a factor: its axes have the room that the book's letters need. */
  function smaller(value, by) {
    if (!isPlain(value)) { return Array.isArray(value) ? value.map(function (one) { return smaller(one, by); }) : value; }
    var copy = {};
    Object.keys(value).forEach(function (key) {
      copy[key] = smaller(value[key], by);
      if (/font$/.test(key) && typeof value[key].size === "number") { copy[key].size = Math.round(value[key].size * by * 10) / 10; }
    });
    return copy;
  }

  function drawing(figure) {
    var stored = JSON.parse(figure.querySelector('script[type="application/json"]').textContent);
    var layout = stored.layout;
    var template = house.template;
    if (small.matches) {
      template = merged(template, house.narrow);
      layout = merged(layout, (layout.meta || {}).narrow);
    }
    layout = merged(layout, { template: template });
    var wide = widened();
    // a narrow chart has room for any letters, and none of them is to be smaller there
    if (!small.matches && wide > 1.03) { layout = smaller(layout, Math.max(SMALLEST, 1 / wide)); }
    delete layout.width;
    // on a touch screen a finger on the chart scrolls the page; tapping still shows the values
    if (coarse.matches || small.matches) { layout.dragmode = false; }
    var parts = { data: stored.data, layout: layout, frames: stored.frames || [] };
    // a figure with a slider is drawn at the step that the slider stands at (aleppo-steps.js)
    if (window.aleppoSteps) { window.aleppoSteps(figure, parts); }
    if (root.dataset.theme === "dark") { parts = dark(parts); }
    parts.config = stored.config;
    return parts;
  }

  function name(figure, plot) {
    var still = figure.querySelector(".aleppo-still");
    var words = still ? still.alt : figure.getAttribute("aria-label");
    plot.querySelectorAll("svg.main-svg").forEach(function (svg, place) {
      if (place) {
        svg.setAttribute("aria-hidden", "true");
      } else {
        svg.setAttribute("role", "img");
        svg.setAttribute("aria-label", words);
      }
    });
  }

  /* Labels are placed for the letters of the book; in wider ones of the reader's own some would be cut at the edge. */
  function keepLabelsWithin(plot) {
    var edge = plot.getBoundingClientRect();
    plot.querySelectorAll("g.annotation").forEach(function (label) {
      label.removeAttribute("transform");
      var box = label.getBoundingClientRect();
      var over = Math.max(box.right - edge.right, 0) || Math.min(box.left - edge.left, 0);
      if (over) { label.setAttribute("transform", "translate(" + -over + ",0)"); }
    });
  }

  /* A button to undo a zoom, there only while the chart is zoomed. */
  function offerReset(figure, plot) {
    var button = document.createElement("button");
    button.type = "button";
    button.className = "aleppo-reset";
    button.textContent = "Show the whole chart";
    button.hidden = true;
    button.addEventListener("click", function () {
      button.hidden = true;
      draw(figure, true);
    });
    figure.querySelector(".aleppo-box").insertAdjacentElement("afterend", button);
    plot.on("plotly_relayout", function (change) {
      button.hidden = !Object.keys(change).some(function (key) { return /axis\d*\.range/.test(key); });
    });
    plot.on("plotly_doubleclick", function () { button.hidden = true; });
  }

  function draw(figure, afresh) {
    if (figure.dataset.state === "failed") { return Promise.resolve(); }
    var box = figure.querySelector(".aleppo-box");
    var plot = box.querySelector(".aleppo-plot");
    if (!plot) {
      plot = document.createElement("div");
      plot.className = "aleppo-plot";
      box.appendChild(plot);
    }
    figure.dataset.state = figure.dataset.state === "drawn" ? "drawn" : "loading";
    return plotly().then(function (Plotly) {
      var parts = drawing(figure);
      // a new revision makes plotly forget the zoom
      if (afresh) { figure.dataset.revision = String(Number(figure.dataset.revision || 0) + 1); }
      parts.layout.uirevision = figure.id + (figure.dataset.revision || "");
      return Plotly.react(plot, parts.data, parts.layout, parts.config).then(function () {
        if (!parts.frames.length) { return null; }
        var old = (plot._transitionData || { _frames: [] })._frames.map(function (_, place) { return place; });
        return Promise.resolve(old.length ? Plotly.deleteFrames(plot, old) : null).then(function () {
          return Plotly.addFrames(plot, parts.frames);
        });
      });
    }).then(function () {
      name(figure, plot);
      keepLabelsWithin(plot);
      if (figure.dataset.state !== "drawn") { offerReset(figure, plot); }
      figure.dataset.state = "drawn";
    }).catch(function (error) {
      if (figure.dataset.state === "failed") { return; }
      figure.dataset.state = "failed";
      plot.remove();
      var note = document.createElement("p");
      note.className = "aleppo-note";
      note.setAttribute("role", "status");
      note.textContent = "The interactive chart could not be drawn here, so its still picture is shown. " +
        "The data can be downloaded below.";
      box.insertAdjacentElement("afterend", note);
      console.error("figure " + figure.id + ":", error);
    });
  }

  /* Draws the figures that came near, the nearest first, each in a task of its own: between two of them the page
     answers its reader. */
  function drawNext() {
    if (!waiting.length) { return; }
    waiting.sort(function (one, other) { return away(one) - away(other); });
    draw(waiting[0]).then(function () {
      waiting.shift();
      loadOthers();
      window.setTimeout(drawNext, 0);
    });
  }

  /* What else a page loads comes after the figure that is near when it is read: its scripts would be read between
     plotly and the drawing. */
  function loadOthers() { if (window.aleppoLater) { window.aleppoLater(); } }

  function away(figure) {
    var box = figure.getBoundingClientRect();
    return Math.max(box.top - window.innerHeight, -box.bottom, 0);
  }

  function cameNear(figures) {
    var idle = !waiting.length;
    waiting = waiting.concat(figures);
    if (idle) { window.setTimeout(drawNext, 0); }
  }

  function start() {
    // a page that asked for plotly while it was read has a figure near
    if (window.aleppoLater) { plotly().then(function () { if (!waiting.length) { loadOthers(); } }, loadOthers); }
    var figures = Array.prototype.slice.call(document.querySelectorAll(".aleppo-figure"));

    figures.forEach(function (figure) {
      figure.addEventListener("aleppo-redraw", function () {
        if (figure.dataset.state === "drawn") { draw(figure); }
      });
    });

    // what is drawn, and what is being drawn, but not what waits for it
    function redraw() {
      cameNear(figures.filter(function (figure) {
        var place = waiting.indexOf(figure);
        return place === 0 || (place < 0 && figure.dataset.state === "drawn");
      }));
    }

    if ("IntersectionObserver" in window) {
      var near = new IntersectionObserver(function (entries) {
        var came = entries.filter(function (entry) { return entry.isIntersecting; });
        came.forEach(function (entry) { near.unobserve(entry.target); });
        cameNear(came.map(function (entry) { return entry.target; }));
      }, { rootMargin: AHEAD });
      figures.forEach(function (figure) { near.observe(figure); });
    } else {
      cameNear(figures);
    }

    var theme = root.dataset.theme;
    new MutationObserver(function () {
      if (root.dataset.theme !== theme) {
        theme = root.dataset.theme;
        redraw();
      }
    }).observe(root, { attributes: true, attributeFilter: ["data-theme"] });
    small.addEventListener("change", redraw);

    // the sidebars change the width of the text without a change of the window's
    if ("ResizeObserver" in window) {
      var widths = new ResizeObserver(function (entries) {
        entries.forEach(function (entry) {
          var plot = entry.target.querySelector(".aleppo-plot");
          if (plot && plot.offsetParent && entry.target.closest(".aleppo-figure").dataset.state === "drawn") {
            window.Plotly.Plots.resize(plot).then(function () { keepLabelsWithin(plot); });
          }
        });
      });
      figures.forEach(function (figure) { widths.observe(figure.querySelector(".aleppo-box")); });
    }
  }

  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", start);
  } else {
    start();
  }
})();
