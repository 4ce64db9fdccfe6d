// Says on the first page which of the two ways this browser will go (see intake.js).
if (window.isSecureContext && crypto.subtle && window.TransformStream && Blob.prototype.stream) {
  document.querySelectorAll("[data-with-scripts]").forEach((each) => { each.hidden = false; });
  document.querySelectorAll("[data-without-scripts]").forEach((each) => { each.hidden = true; });
}
