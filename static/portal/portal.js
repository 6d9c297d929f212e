// Keyboard: "/" goes to the search over everything, else to that of the page.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  event.preventDefault();
  const search =
    document.querySelector("[data-search-all]") ?? document.querySelector("[data-search]");
  if (search) {
    search.focus();
    search.select();
  } else if (document.body.dataset.searchUrl) {
    window.location.assign(document.body.dataset.searchUrl);
  }
});

// Coming from "/" on another page: the search is what was asked for.
if (window.location.hash === "#q") document.getElementById("q")?.focus();

// The list of errors takes the focus, so that a screen reader reads it first.
document.querySelector("[data-errors]")?.focus();

// A form that moves money is sent once, however often its button is pressed.
document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-once]")) return;
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "1";
});
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});

// "Warum?": the explanation opens in a panel, takes the focus and gives it back when closed.
let askedBy = null;

function closeWhy() {
  const panel = document.getElementById("why");
  if (!panel?.hasChildNodes()) return;
  panel.replaceChildren();
  askedBy?.focus();
}

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id !== "why") return;
  askedBy = event.detail.requestConfig.elt;
  event.target.querySelector("[tabindex='-1']")?.focus({ preventScroll: true });
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeWhy();
});
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-close-why]")) return;
  event.preventDefault();
  closeWhy();
});

// On a narrow screen tabs are a row to scroll: the one that is open comes into sight.
for (const tab of document.querySelectorAll(".tabs [aria-current]")) {
  const row = tab.closest(".tabs");
  const hidden = tab.getBoundingClientRect().right - row.getBoundingClientRect().right;
  if (hidden > 0) row.scrollLeft += hidden + 48;
}

// Queues: arrow keys or j and k go from row to row, Enter opens as links do.
document.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
  if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, button, [contenteditable]")) return;
  const links = [...document.querySelectorAll("[data-queue] :is(th, li) > a:first-child")];
  if (!links.length) return;
  const here = links.indexOf(document.activeElement);
  // Arrows scroll the page until one is in the list; letters jump into it.
  if (here < 0 && event.key.startsWith("Arrow")) return;
  event.preventDefault();
  links[Math.min(Math.max(here + step, 0), links.length - 1)].focus();
});
