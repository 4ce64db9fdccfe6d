// Leaves at once, and puts the neutral page in this page's place in the history.
for (const link of document.querySelectorAll("a.quick-exit")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    document.body.hidden = true;
    document.body.replaceChildren(); // a browser may keep the page as it was left, and show it at "back"
    location.replace(link.href);
  });
}
