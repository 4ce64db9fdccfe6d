// A page with an opened report locks itself when nobody touches it for a while, and when the browser brings it back from memory.
import { tell } from "./page.js";

const IDLE_MS = 5 * 60 * 1000;
const WARNED_MS = IDLE_MS - 60 * 1000;
const isPlaying = () => Array.from(document.querySelectorAll("audio, video")).some((each) => !each.paused && !each.ended);

/** Watch over what is open: `says` warns a minute before `lock`. Returns what starts the time anew. */
export const watch = ({ says, isOpen, lock }) => {
  let [warned, idle] = [0, 0];
  const stayAwake = () => {
    clearTimeout(warned);
    clearTimeout(idle);
    says.hidden = true;
    if (!isOpen()) return;
    // Who listens to a recording is there, although he touches nothing.
    warned = setTimeout(() => (isPlaying() ? stayAwake() : tell(says, "soon")), WARNED_MS);
    idle = setTimeout(() => (isPlaying() ? stayAwake() : lock()), IDLE_MS);
  };
  for (const event of ["keydown", "pointerdown", "scroll"]) document.addEventListener(event, stayAwake, { passive: true });
  // These do not rise to the document: they are caught on their way down.
  for (const event of ["play", "pause", "ended"]) document.addEventListener(event, stayAwake, true);
  // A page that comes back from the browser's memory would still stand open.
  window.addEventListener("pageshow", (event) => { if (event.persisted) lock(); });
  return stayAwake;
};
