/* report.js: sources fb4c5e6f579d52b5, esbuild 0.28.2 */
"use strict";
var corridors = (() => {
  var __defProp = Object.defineProperty;
  var __getOwnPropDesc = Object.getOwnPropertyDescriptor;
  var __getOwnPropNames = Object.getOwnPropertyNames;
  var __hasOwnProp = Object.prototype.hasOwnProperty;
  var __export = (target, all) => {
    for (var name in all)
      __defProp(target, name, { get: all[name], enumerable: true });
  };
  var __copyProps = (to, from, except, desc) => {
    if (from && typeof from === "object" || typeof from === "function") {
      for (let key of __getOwnPropNames(from))
        if (!__hasOwnProp.call(to, key) && key !== except)
          __defProp(to, key, { get: () => from[key], enumerable: !(desc = __getOwnPropDesc(from, key)) || desc.enumerable });
    }
    return to;
  };
  var __toCommonJS = (mod) => __copyProps(__defProp({}, "__esModule", { value: true }), mod);

  // src/report.js
  var report_exports = {};
  __export(report_exports, {
    page: () => page
  });

  // src/dom.js
  function find(selector, parent = document) {
    return findAs(selector, HTMLElement, parent);
  }
  function findAs(selector, kind, parent = document) {
    const node = parent.querySelector(selector);
    if (!(node instanceof kind)) throw new Error(`page: expected ${kind.name} ${selector}, found ${node}`);
    return node;
  }
  function findAll(selector, parent = document) {
    return [.../** @type {NodeListOf<HTMLElement>} */
    parent.querySelectorAll(selector)];
  }
  function markReady() {
    document.documentElement.dataset.ready = "true";
  }

  // src/language.js
  function chooseLanguage(search, hash, languages) {
    const inAddress = [search, hash].map((part) => (part.match(/[?&#/]lang=(es|en)\b/) || [])[1]);
    const ofBrowser = languages.map((tag) => tag.slice(0, 2).toLowerCase());
    return [...inAddress, ...ofBrowser].find(isLanguage) || "es";
  }
  function isLanguage(code) {
    return code === "es" || code === "en";
  }
  function openingLanguage() {
    return chooseLanguage(location.search, location.hash, navigator.languages || []);
  }
  function startLanguageButtons(change) {
    for (const node of findAll("button[data-language]")) {
      node.addEventListener("click", () => {
        if (isLanguage(node.dataset.language)) change(node.dataset.language);
      });
    }
  }
  function markLanguage(language) {
    document.documentElement.lang = language;
    for (const node of findAll("button[data-language]")) {
      node.setAttribute("aria-pressed", String(node.dataset.language === language));
    }
  }

  // src/report.js
  function show(language) {
    markLanguage(language);
    for (const part of findAll(".language")) {
      part.hidden = part.lang !== language;
      if (!part.hidden) document.title = part.dataset.title || "";
    }
  }
  function page() {
    startLanguageButtons((language) => {
      show(language);
      find(".language:not([hidden]) [data-language][aria-pressed=true]").focus();
    });
    show(openingLanguage());
    markReady();
  }
  return __toCommonJS(report_exports);
})();
