// Passkeys need the browser's help: what offers them is shown only where there is some.
if (window.PublicKeyCredential) {
  document.querySelectorAll("[data-needs-passkeys]").forEach((part) => { part.hidden = false; });
  document.querySelectorAll("[data-without-passkeys]").forEach((part) => { part.hidden = true; });
}

// Somebody said no, or waited too long: a sentence on the page, not an error of ours.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  document.querySelectorAll("[data-passkey-error]").forEach((note) => { note.hidden = false; });
});
