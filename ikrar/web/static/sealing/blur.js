// Blackens parts of a picture: by finger, mouse or keyboard. What is covered is gone: the pixels are overwritten, and the picture
// is written anew from them.
import { decoded, encoded } from "./clean.js";

const STEP = 0.02;
const words = (place) => document.getElementById("blur-words")?.dataset || place.dataset;

/** Show a picture in a place with the means to blacken; resolves to a new picture, or null where nothing was done. */
export const blurred = async (blob, place) => {
  const said = words(place);
  const bitmap = await decoded(blob);
  if (document.querySelector("canvas.blur")) return null; // one tool at a time
  const whole = document.createElement("canvas");
  [whole.width, whole.height] = [bitmap.width, bitmap.height];
  const pixels = whole.getContext("2d");
  pixels.drawImage(bitmap, 0, 0);
  bitmap.close();

  const tool = document.createElement("div");
  const help = document.createElement("p");
  help.id = "blur-help";
  help.textContent = said.help;
  const shown = document.createElement("canvas");
  shown.className = "blur";
  shown.tabIndex = 0;
  shown.setAttribute("role", "application");
  shown.setAttribute("aria-label", said.label);
  shown.setAttribute("aria-describedby", "blur-help");
  const status = document.createElement("p");
  status.setAttribute("role", "status");
  const button = (text, kind) => Object.assign(document.createElement("button"), { type: "button", textContent: text, className: kind });
  const [keep, undo, leave] = [button(said.keep, ""), button(said.undo, "secondary"), button(said.leave, "secondary outline")];
  tool.append(help, keep, " ", undo, " ", leave, status, shown);
  place.append(tool);

  // Drawn at the size of the screen; the boxes are kept in parts of one.
  const scale = Math.min(1, 1000 / Math.max(whole.width, whole.height));
  [shown.width, shown.height] = [Math.max(1, Math.round(whole.width * scale)), Math.max(1, Math.round(whole.height * scale))];
  const boxes = [];
  let box = { x: 0.4, y: 0.45, w: 0.2, h: 0.1 };
  let held = null;
  let visible = false;
  const within = (value) => Math.min(1, Math.max(0, value));
  const draw = () => {
    const screen = shown.getContext("2d");
    screen.drawImage(whole, 0, 0, shown.width, shown.height);
    screen.fillStyle = "#000";
    const size = ({ x, y, w, h }) => [x * shown.width, y * shown.height, w * shown.width, h * shown.height];
    for (const each of boxes) screen.fillRect(...size(each));
    if (!visible) return;
    screen.lineWidth = 3;
    screen.strokeStyle = "#fff";
    screen.strokeRect(...size(box));
    screen.setLineDash([6, 6]);
    screen.strokeStyle = "#000";
    screen.strokeRect(...size(box));
    screen.setLineDash([]);
  };
  const cover = () => {
    if (box.w * shown.width < 2 || box.h * shown.height < 2) return;
    boxes.push({ ...box });
    status.textContent = said.covered.replace("{count}", boxes.length);
    draw();
  };
  const point = (event) => {
    const area = shown.getBoundingClientRect();
    return [within((event.clientX - area.left) / area.width), within((event.clientY - area.top) / area.height)];
  };
  const stretch = (event) => {
    const [x, y] = point(event);
    box = { x: Math.min(x, held[0]), y: Math.min(y, held[1]), w: Math.abs(x - held[0]), h: Math.abs(y - held[1]) };
    draw();
  };
  shown.addEventListener("pointerdown", (event) => {
    held = point(event);
    visible = true;
    shown.setPointerCapture(event.pointerId);
  });
  shown.addEventListener("pointermove", (event) => { if (held) stretch(event); });
  shown.addEventListener("pointerup", (event) => {
    if (!held) return;
    stretch(event);
    held = null;
    cover();
  });
  shown.addEventListener("pointercancel", () => { held = null; draw(); });
  shown.addEventListener("focus", () => { visible = true; draw(); });
  shown.addEventListener("keydown", (event) => {
    const [dx, dy] = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] }[event.key] || [];
    if (dx !== undefined) {
      if (event.shiftKey) box = { ...box, w: Math.max(STEP, Math.min(1 - box.x, box.w + dx)), h: Math.max(STEP, Math.min(1 - box.y, box.h + dy)) };
      else box = { ...box, x: Math.max(0, Math.min(1 - box.w, box.x + dx)), y: Math.max(0, Math.min(1 - box.h, box.y + dy)) };
      draw();
    } else if (event.key === "Enter" || event.key === " ") cover();
    else if (event.key === "Backspace" || event.key === "Delete") takeBack();
    else return;
    event.preventDefault();
  });
  const takeBack = () => {
    boxes.pop();
    status.textContent = said.covered.replace("{count}", boxes.length);
    draw();
  };
  undo.addEventListener("click", takeBack);
  draw();
  shown.focus();
  const made = await new Promise((go, fail) => {
    leave.addEventListener("click", () => go(null));
    keep.addEventListener("click", () => {
      if (!boxes.length) return go(null);
      pixels.fillStyle = "#000";
      for (const { x, y, w, h } of boxes) {
        const [left, top] = [Math.floor(x * whole.width), Math.floor(y * whole.height)];
        pixels.fillRect(left, top, Math.ceil((x + w) * whole.width) - left, Math.ceil((y + h) * whole.height) - top);
      }
      encoded(whole, blob.type === "image/png" ? "image/png" : "image/jpeg").then(go, fail);
    });
  }).finally(() => tool.remove());
  whole.width = shown.width = 0;
  return made;
};
