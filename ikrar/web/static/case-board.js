// Keys of the board of cases: the cursor is the focus, so that what a mouse and a screen reader know works as ever.
"use strict";
const board = document.getElementById("case-lines");
const lines = () => Array.from(document.querySelectorAll("a[data-line]"));
const isTyping = (target) => target.matches("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio])");
let anchor = null;

const here = () => {
  const row = document.activeElement?.closest("#case-lines tr");
  return row ? row.querySelector("a[data-line]") : null;
};
const move = (by) => {
  const all = lines();
  const at = all.indexOf(here());
  all[Math.max(0, Math.min(all.length - 1, at < 0 ? 0 : at + by))].focus();
};
const tick = (isRange) => {
  const all = lines();
  const at = all.indexOf(here());
  if (at < 0) return;
  const boxes = all.map((each) => each.closest("tr").querySelector("input[type=checkbox]"));
  if (!isRange || anchor === null) boxes[at].checked = !boxes[at].checked;
  else for (let place = Math.min(anchor, at); place <= Math.max(anchor, at); place += 1) boxes[place].checked = true;
  anchor = at;
};
const filter = () => {
  const fold = document.getElementById("case-filter");
  fold.open = true;
  fold.querySelector("select, input").focus();
};
const KEYS = { j: () => move(1), ArrowDown: () => move(1), k: () => move(-1), ArrowUp: () => move(-1), x: () => tick(false), X: () => tick(true), "/": filter };

if (board)
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const target = event.target instanceof Element ? event.target : document.body;
    const act = KEYS[event.key];
    if (!act || isTyping(target)) return;
    // Arrows scroll the page until somebody stands in the list.
    if (event.key.startsWith("Arrow") && !here()) return;
    event.preventDefault();
    act();
  });
