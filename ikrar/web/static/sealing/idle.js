// A page with an opened report locks itself when nobody touches it for a while, and when the browser brings it back from memory.
import { tell } from "./page.js";

const IDLE_MS = 5 * 60 * 1000;
const WARNED_MS = IDLE_MS - 60 * 1000;
const isPlaying = () => Array.from(document.querySelectorAll("audio, video")).some((each) => !each.paused && !each.ended);
/** The dialog that stands before the page, or none: what is behind it can be neither read nor heard. */
const before = () => {
  const open = Array.from(document.querySelectorAll("dialog:modal")).at(-1);
  return open?.querySelector("article") ?? open;
};

/** Watch over what is open: `says` warns a minute before `lock`. Returns what starts the time anew. */
export const watch = ({ says, isOpen, lock }) => {
  let [warned, idle] = [0, 0];
  const [home, next] = [says.parentNode, says.nextSibling];
  const put = () => {
    const place = says.hidden ? null : before();
    if (place) place.append(says);
    else if (says.parentNode !== home) home.insertBefore(says, next);
  };
  const warn = () => {
    tell(says, "soon");
    put();
  };
  const stayAwake = () => {
    clearTimeout(warned);
    clearTimeout(idle);
    says.hidden = true;
    put();
    if (!isOpen()) return;
    // Who listens to a recording is there, although he touches nothing.
    warned = setTimeout(() => (isPlaying() ? stayAwake() : warn()), WARNED_MS);
    idle = setTimeout(() => (isPlaying() ? stayAwake() : lock()), IDLE_MS);
  };
  for (const event of ["keydown", "pointerdown", "input"]) document.addEventListener(event, stayAwake, { passive: true });
  // These do not rise to the document: they are caught on their way down. What scrolls may be a dialog.
  for (const event of ["scroll", "play", "pause", "ended"]) document.addEventListener(event, stayAwake, { capture: true, passive: true });
  document.addEventListener("close", put, true);
  // A page that comes back from the browser's memory would still stand open.
  window.addEventListener("pageshow", (event) => { if (event.persisted) lock(); });
  return stayAwake;
};
