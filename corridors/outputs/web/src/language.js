/* Corridors: the language a page opens in. It stands before the scripts of every page. */
"use strict";

/** ?lang=, then #lang=, then the browser's languages, then Spanish. */
function chooseLanguage() {
  const asked = [location.search, location.hash].map((part) => (part.match(/[?&#/]lang=(es|en)\b/) || [])[1]);
  const own = (navigator.languages || []).map((tag) => tag.slice(0, 2).toLowerCase());
  return [...asked, ...own].find((code) => code === "es" || code === "en") || "es";
}

