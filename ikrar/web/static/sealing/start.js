// Says on the first page which of the two ways this browser will go (see intake.js).
const streams = window.TransformStream && Blob.prototype.stream;
if (window.isSecureContext && crypto.subtle && streams && window.SubmitEvent && "submitter" in SubmitEvent.prototype) {
  document.querySelectorAll("[data-with-scripts]").forEach((each) => { each.hidden = false; });
  document.querySelectorAll("[data-without-scripts]").forEach((each) => { each.hidden = true; });
}
