// How the bytes of opened evidence are shown, so that nothing in them can act: drawn, played, or as plain text; else saved alone.
const MOST_PIXELS = 100_000_000;
const PICTURES = ["image/jpeg", "image/png", "image/webp", "image/gif"];

export const element = (name, words = "", more = {}) => Object.assign(document.createElement(name), { textContent: words }, more);

const draw = async (bytes, type) => {
  const clean = await import("./clean.js");
  const picture = await clean.decoded(new Blob([bytes], { type }), MOST_PIXELS);
  const scale = Math.min(1, 2000 / Math.max(picture.width, picture.height));
  const canvas = element("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.setAttribute("role", "img");
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return canvas;
};

const decoded = (bytes) => {
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  return new TextDecoder(isUtf16 ? (bytes[0] === 0xff ? "utf-16le" : "utf-16be") : "utf-8").decode(bytes);
};

/** The element that shows them, or null where the browser cannot draw them. `address` makes one for bytes of a type. */
export const view = async (bytes, type, address) => {
  if (type.startsWith("text/plain")) return element("pre", decoded(bytes), { tabIndex: 0, role: "region", className: "shown" });
  if (PICTURES.includes(type)) return draw(bytes, type);
  if (/^(audio|video)\/[\w.+-]+$/.test(type))
    return element(type.startsWith("audio/") ? "audio" : "video", "", { controls: true, src: address(bytes, type) });
  return null;
};

// Never under its own type: no browser shall open it by itself.
export const saver = (bytes, name, words, address) => element("a", words, { href: address(bytes, "application/octet-stream"), download: name });
