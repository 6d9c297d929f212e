// A secret that is shown once: a button copies it. Without scripts it is selected by hand.
document.querySelectorAll("[data-copy]").forEach((button) => {
  const field = document.getElementById(button.dataset.copy);
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    let done = false;
    try {
      await navigator.clipboard.writeText(field.value);
      done = true;
    } catch {
      // Not every browser lets pages write there; the older way needs the selection.
      done = document.execCommand("copy");
    }
    const told = document.querySelector("[data-copy-status]");
    if (told && done) told.textContent = `${button.dataset.copied}.`;
    button.focus();
  });
});
