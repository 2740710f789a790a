/** Rules of eslint: nothing unused, no markup made from text, nothing evaluated, no request. */

import js from "@eslint/js";
import globals from "globals";

const SINK = "Text reaches the page through textContent only.";
const REQUEST = "A page asks nothing of any network.";
const SINKS = ["innerHTML", "outerHTML", "srcdoc", "insertAdjacentHTML", "setHTMLUnsafe", "parseFromString"];
const REQUESTS = ["fetch", "XMLHttpRequest", "WebSocket", "EventSource"];

export default [
  { ignores: ["bundles/", "node_modules/"] },
  js.configs.recommended,
  {
    languageOptions: { globals: { ...globals.browser, L: "readonly" } },
    rules: {
      eqeqeq: "error",
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-var": "error",
      "prefer-const": "error",
      "no-unused-vars": ["error", { args: "all", argsIgnorePattern: "^_" }],
      "no-restricted-globals": ["error", ...REQUESTS.map((name) => ({ name, message: REQUEST }))],
      "no-restricted-properties": [
        "error",
        ...SINKS.map((property) => ({ property, message: SINK })),
        ...["write", "writeln"].map((property) => ({ object: "document", property, message: SINK })),
        { object: "navigator", property: "sendBeacon", message: REQUEST },
      ],
      "no-restricted-syntax": ["error", { selector: "ImportExpression", message: REQUEST }],
    },
  },
  { files: ["test/**", "*.js"], languageOptions: { globals: globals.node } },
];
