/* article_page.js: sources f5b04b295063f11b, esbuild 0.28.2 */
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

  // src/article_page.js
  var article_page_exports = {};
  __export(article_page_exports, {
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

  // src/articles.js
  function showsBoth() {
    return /[?&#/]lang=both\b/.test(location.search + location.hash);
  }
  function showArticles(language) {
    markLanguage(language);
    for (const article2 of findAll("article[data-language]")) {
      article2.hidden = !showsBoth() && article2.dataset.language !== language;
    }
    const article = find(`article[data-language=${language}]`);
    document.title = `${find("h1", article).textContent} · Corridors`;
    return article;
  }
  function startArticles(show) {
    startLanguageButtons(show);
    show(showsBoth() ? "es" : openingLanguage());
  }

  // src/article_page.js
  function page() {
    startArticles(showArticles);
    markReady();
  }
  return __toCommonJS(article_page_exports);
})();
