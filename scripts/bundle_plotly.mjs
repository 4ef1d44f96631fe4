/* The plotly of the web edition: those modules of plotly.js that the book's figures use, in one small file.

     node scripts/bundle_plotly.mjs NODE_MODULES TARGET

   plotly.js-dist is one file in which each module stands whole, with its path. The modules that ENTRY asks for, and
   what they need, are kept and made small by esbuild; what the book's figures never come to is replaced (REPLACED).
   The whole of plotly.js stays what stills are drawn with; tests draw every figure of the book with this one. */
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";

const [modules, target] = process.argv.slice(2).map((path) => resolve(path));
const load = createRequire(join(modules, "any.js"));

const TRACES = ["bar", "heatmap", "scatter"];
const COMPONENTS = ["annotations", "colorbar", "colorscale", "errorbars", "fx", "legend", "modebar", "shapes"];
const METHODS = ["addFrames", "deleteFrames", "react", "redraw", "relayout", "restyle", "update"];
/* Methods that plotly itself calls by their names: on a click on a legend, on a zoom, when margins grow. */
const INNER_METHODS = ["_doPlot", "_guiRelayout", "_guiRestyle", "_guiUpdate", "_storeDirectGUIEdit"];

/* Path of a module (or of a folder of them) → what stands in its place, and why nothing misses it. */
const REPLACED = {
  // the style of maps on tiles, of which the book has none
  "node_modules/maplibre-gl/": "{}",
  // charts have no row of buttons: `displayModeBar` is false
  "src/components/modebar/buttons.js": "{}",
  "src/components/modebar/manage.js": "() => {}",
  // nothing is selected with a lasso or a box, and no click selects
  "src/components/selections/index.js":
    "{ clearOutline() {}, clearSelectionsCache() {}, prepSelect() {}, reselect() {}, selectOnClick() {} }",
  // nobody draws a shape or moves one
  "src/components/shapes/display_outlines.js": "() => {}",
  "src/components/shapes/draw_newshape/newshapes.js": "{ createShapeObj() {}, newShapes() {} }",
  "src/components/selections/draw_newselection/newselections.js": "() => {}",
  // nothing is undone step by step, and no axis glides from one range to the next
  "src/lib/queue.js": "{ add() {}, startSequence() {}, stopSequence() {} }",
  "src/plots/cartesian/transition_axes.js": "() => {}",
  // a heatmap asks for it only to count, as a histogram
  "src/traces/histogram2d/": "{}",
  // what buttons and sliders of plotly call; the book's own slider draws anew
  "src/plots/command.js": "{}",
  // of its thirty functions two are called
  "node_modules/gl-mat4/index.js":
    '{ invert: require("node_modules/gl-mat4/invert.js"), multiply: require("node_modules/gl-mat4/multiply.js") }',
  // of its thirty colour spaces three are asked for
  "node_modules/culori/": "culori",
};
/* The parts of d3 that the kept modules call, below src/ of its package. */
const D3 = [
  "start", "compat/", "arrays/extent", "arrays/max", "arrays/min", "behavior/drag", "core/rebind", "event/dispatch",
  "event/event", "format/round", "interpolate/ease", "scale/linear", "selection/", "transition/", "end",
];
const ENTRY = `
  import { converter, formatHex, formatRgb, modeHsl, modeLrgb, modeRgb, useMode, wcagContrast, wcagLuminance } from "culori/fn";
  var culori = { converter, formatHex, formatRgb, wcagContrast, wcagLuminance };
  [modeRgb, modeLrgb, modeHsl].forEach(useMode);
  require("build/plotcss.js");
  var registry = require("src/registry.js");
  var api = require("src/plot_api/plot_api.js");
  ${JSON.stringify([...METHODS, ...INNER_METHODS])}.forEach(
    (name) => registry.register({ moduleType: "apiMethod", name, fn: api[name] }));
  registry.register([
    ${TRACES.map((name) => `require("src/traces/${name}/index.js")`)},
    ${COMPONENTS.map((name) => `require("src/components/${name}/index.js")`)},
    require("src/locale-en.js"), require("src/locale-en-us.js")
  ]);
  var made = { version: require("src/version.js").version, traces: ${JSON.stringify(TRACES)} };
  ${JSON.stringify(METHODS)}.forEach((name) => { made[name] = api[name]; });
  made.Fx = { hover: require("src/components/fx/index.js").hover };
  made.Plots = { resize: require("src/plots/plots.js").resize };
  window.Plotly = made;`;

const MODULE = /^  var (\w+) = __commonJS\(\{\n    "([^"]+)"\((?:exports(?:, module)?)?\) \{\n[^]*?^    \}\n  \}\);\n/gm;
const LEADER = "  var __create = Object.create;";

function parts() {
  const file = load.resolve("plotly.js-dist/plotly.js");
  const text = readFileSync(file, "utf8");
  const [start, end] = [text.indexOf(LEADER), text.lastIndexOf("  return require_")];
  if (start < 0 || end < start) throw new Error(`${file}: expected modules between known lines, found another file`);
  return text.slice(start, end);
}

/* d3 is put together from its parts as its authors do: a line `import "part";` stands for that part, once. */
function d3() {
  const folder = dirname(load.resolve("@plotly/d3/package.json"));
  const seen = new Set();
  const text = (name) => {
    const path = name.endsWith("/") ? `${name}index` : name;
    if (seen.has(path)) return "";
    seen.add(path);
    return readFileSync(join(folder, "src", `${path}.js`), "utf8")
      .replace(/^import "([^"]+)";$/gm, (_, other) => text(join(dirname(path), other).replace(/\\/g, "/")));
  };
  return D3.map(text).join("\n").replace(/^ *else this\.d3 = d3;$/m, "");
}

function replacement(path) {
  if (path === "node_modules/@plotly/d3/d3.js") return null;
  const found = Object.keys(REPLACED).find((one) => path === one || (one.endsWith("/") && path.startsWith(one)));
  return found ? REPLACED[found] : undefined;
}

function source() {
  const variables = new Map();
  const body = parts().replace(MODULE, (whole, variable, path) => {
    variables.set(path, variable);
    const instead = replacement(path);
    if (instead === undefined) return whole.replace("= __commonJS(", "= /* @__PURE__ */ __commonJS(");
    return instead === null
      ? `  var ${variable} = /* @__PURE__ */ __commonJS({ "${path}"(exports, module) {\n${d3()}\n} });\n`
      : `  var ${variable} = () => (${instead});\n`;
  }).replace(/= __esm\(/g, "= /* @__PURE__ */ __esm(");
  const called = (text) => text.replace(/\brequire\("([^"]+)"\)/g, (_, path) => {
    if (!variables.has(path)) throw new Error(`plotly.js-dist: expected the module ${path}, found none`);
    return `${variables.get(path)}()`;
  });
  return `${called(body)}\n${called(ENTRY)}`;
}

/* esbuild puts together what is asked for; terser makes the names and statements smaller than it would. */
const joined = load("esbuild").buildSync({
  stdin: { contents: source(), resolveDir: modules, loader: "js" },
  bundle: true, minify: true, treeShaking: true, write: false,
  format: "iife", target: "es2018", define: { global: "window" }, legalComments: "none", logLevel: "error",
});
const made = await load("terser").minify(joined.outputFiles[0].text, { ecma: 2018, compress: { passes: 3 }, mangle: true });
const licence = "/* plotly.js, (c) Plotly, Inc., MIT licence; d3, (c) Mike Bostock, BSD 3-Clause; culori, (c) Dan Burzo, MIT */";
/* Chromium compiles what is marked so while it comes in, beside the page, and not bit by bit when it is called:
   the first chart is drawn in little more than half the time. */
const eager = "//# allFunctionsCalledOnLoad";
writeFileSync(target, `${eager}\n${licence}\n${made.code}`);
