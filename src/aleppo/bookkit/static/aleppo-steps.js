/* The slider of a figure with steps: a map that is walked through day by day.
   The figure carries its items once, and for each item only its changes: [item, step, trace, text] says that from
   this step on the item is drawn in that group. aleppo-figure.js asks for the data of the step when it draws. */
(function () {
  "use strict";
  var still = window.matchMedia("(prefers-reduced-motion: reduce)");
  var PACE = 450;
  var known = new WeakMap();

  function stepsOf(figure) {
    if (!known.has(figure)) {
      var stored = JSON.parse(figure.querySelector('script[type="application/json"]').textContent);
      known.set(figure, (stored.layout.meta || {}).steps || null);
    }
    return known.get(figure);
  }

  /* The last change of each item up to the step: they are stored in order. */
  function stateAt(steps, step) {
    var state = new Array(steps.items.length);
    steps.changes.forEach(function (change) {
      if (change[1] <= step) { state[change[0]] = change; }
    });
    return state;
  }

  function apply(figure, parts) {
    var steps = stepsOf(figure);
    if (!steps) { return; }
    var state = stateAt(steps, Number(figure.querySelector(".aleppo-steps input").value));
    steps.groups.forEach(function (trace) {
      parts.data[trace].x = [];
      parts.data[trace].y = [];
    });
    state.forEach(function (change, item) {
      var trace = parts.data[steps.groups[change[2]]];
      var shape = steps.items[item];
      // outlines in one trace are kept apart by a gap
      if (trace.x.length) { trace.x.push(null); trace.y.push(null); }
      trace.x = trace.x.concat(shape[0]);
      trace.y = trace.y.concat(shape[1]);
    });
    parts.data[steps.hover].text = state.map(function (change, item) {
      return steps.names[item] + "<br>" + steps.texts[change[3]];
    });
  }

  function setUp(figure) {
    var steps = stepsOf(figure);
    var box = figure.querySelector(".aleppo-steps");
    if (!steps || !box) { return; }
    var slider = box.querySelector("input");
    var button = box.querySelector("button");
    var output = box.querySelector("output");
    var words = box.querySelector(".aleppo-words");
    var last = Number(slider.max);
    var timer = null;

    function show(step) {
      slider.value = String(step);
      slider.setAttribute("aria-valuetext", steps.labels[step]);
      output.textContent = steps.labels[step];
      words.textContent = steps.words[step];
      figure.dispatchEvent(new Event("aleppo-redraw"));
    }

    function label() {
      button.textContent = timer ? "Pause" : still.matches ? "Next date" : "Play";
    }

    function pause() {
      window.clearInterval(timer);
      timer = null;
      words.setAttribute("aria-live", "polite");
      label();
    }

    function next() {
      var step = Number(slider.value) + 1;
      if (step <= last) { show(step); }
      if (step >= last) { pause(); }
    }

    button.addEventListener("click", function () {
      if (timer) { pause(); return; }
      var again = Number(slider.value) === last;
      // who asked for less motion is taken one date further at a time
      if (still.matches) { show(again ? 0 : Number(slider.value) + 1); return; }
      if (again) { show(0); }
      timer = window.setInterval(next, PACE);
      // a sentence for every date would never be read to its end
      words.setAttribute("aria-live", "off");
      label();
    });
    slider.addEventListener("input", function () {
      if (timer) { pause(); }
      show(Number(slider.value));
    });
    still.addEventListener("change", function () { pause(); });
    slider.disabled = button.disabled = false;
    label();
  }

  window.aleppoSteps = apply;
  document.querySelectorAll(".aleppo-figure").forEach(setUp);
})();
