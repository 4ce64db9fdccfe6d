// What the pages with keys share: parts that wait for a script, refusals in the words of the page, a breath before hard work.
export const byId = (id) => document.getElementById(id);
export const data = (id) => JSON.parse(byId(id).textContent);
/** So many rows of a table the form of a report reads. */
export const ROWS = 20;

/** Show what works with this script alone, and take away the word that a script is needed. */
export const ready = (...parts) => {
  for (const part of parts) if (part) part.hidden = false;
  document.querySelectorAll("[data-needs-scripts]").forEach((each) => { each.hidden = true; });
};

/** Tell a refusal: the page holds its sentence in a data attribute of this code, with the values in braces. */
export const tell = (place, code, values = {}) => {
  const words = place.dataset[code] || place.dataset.failed;
  place.textContent = words.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  place.hidden = false;
};
/** The language in which days are written: in English as the pages write them, 25 October 2024. */
export const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
export const untell = (place) => { place.hidden = true; };

/** Let the browser draw before a second of arithmetic. */
export const breath = () => new Promise((go) => requestAnimationFrame(() => setTimeout(go, 0)));

/** Do something by the one button of a form, which waits meanwhile. In the field of the seven words Enter presses it. */
export const onSubmit = (form, act) => {
  form.querySelector("#passphrase")?.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button[type=submit]");
    if (button.getAttribute("aria-busy") === "true") return;
    button.setAttribute("aria-busy", "true");
    await breath();
    try {
      await act();
    } finally {
      button.removeAttribute("aria-busy");
    }
  });
};
