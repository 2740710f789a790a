/* Corridors: the script of a report. It shows one language of the two that the page holds. No dependency, no request. */
"use strict";

var corridors = (function () {
  const parts = Array.from(document.querySelectorAll(".language"));

  function show(language) {
    document.documentElement.lang = language;
    for (const part of parts) {
      part.hidden = part.lang !== language;
      if (!part.hidden) document.title = part.dataset.title;
    }
  }

  function page() {
    for (const button of document.querySelectorAll("[data-language]")) {
      button.addEventListener("click", () => {
        show(button.dataset.language);
        document.querySelector(".language:not([hidden]) [data-language][aria-pressed=true]").focus();
      });
    }
    show(chooseLanguage());
    document.documentElement.dataset.ready = "true";
  }

  return { page };
})();
