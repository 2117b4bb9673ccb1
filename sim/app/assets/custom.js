/* Before anything is drawn: language, zoom, theme; then the page's own modules are fetched. */
(function () {
  const root = document.documentElement;
  root.lang = "en";
  const view = document.querySelector("meta[name=viewport]");
  if (view) { view.content = "width=device-width, initial-scale=1"; }
  let theme = "";
  try { theme = window.localStorage.getItem("zones-theme") || ""; } catch (error) { theme = ""; }
  if (!theme) {
    const likes = (query) => window.matchMedia(query).matches;
    theme = likes("(prefers-contrast: more)") ? "contrast" : likes("(prefers-color-scheme: dark)") ? "dark" : "light";
  }
  root.dataset.theme = theme;
  import("/static/public/main.js");
})();
