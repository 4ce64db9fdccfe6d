// A text that is too long is told before it is sent: nothing that was pasted is lost. Without scripts the server says the same.
"use strict";
const form = document.getElementById("paste");
const says = document.getElementById("paste-says");
if (form && says) {
  const most = Number(says.dataset.most);
  const field = form.elements.text;
  const isLong = () => {
    const length = Array.from(field.value).length;
    const found = length > most;
    const number = (value) => value.toLocaleString(document.documentElement.lang);
    says.textContent = found ? says.dataset.says.replace("{n}", number(length)).replace("{most}", number(most)) : "";
    says.hidden = !found;
    return found;
  };
  field.addEventListener("input", isLong);
  form.addEventListener("submit", (event) => {
    if (!isLong()) return;
    event.preventDefault();
    field.focus();
  });
}
