// What a file tells about whoever made it, and a working copy of it that tells nothing of that; all of it in the browser.
//
// Pictures are drawn anew. Containers of sound and film keep their size: what tells something is overwritten where it stands,
// so nothing else in them moves. Nothing is read beyond the file's end, and every walk is bounded: a hostile file is refused.
const MOST_BYTES = 50_000_000;
const MOST_PIXELS = 40_000_000;
const MOST_PARTS = 200_000;
const MOST_INNER = 24_000_000; // bytes of one part that is read whole
const MOST_TOLD = 40;

/** Why there is no working copy. `reason`: broken, pixels, kind, locked, packed, signed, size, undecodable, moving. */
export class NoCopy extends Error {
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

// --- reading ---------------------------------------------------------------------------------------------------------

const WINDOW = 1 << 16;

class Reader {
  constructor(blob) {
    this.blob = blob;
    this.size = blob.size;
    this.steps = 0;
    this.from = 0;
    this.window = new Uint8Array(0);
  }

  step() {
    this.steps += 1;
    if (this.steps > MOST_PARTS) throw new NoCopy("broken");
    // A long walk lets the page draw.
    return this.steps % 4096 ? null : new Promise((go) => setTimeout(go, 0));
  }

  async bytes(at, count) {
    if (!(at >= 0 && count >= 0 && at + count <= this.size && count <= MOST_INNER)) throw new NoCopy("broken");
    if (count > WINDOW / 2) return new Uint8Array(await this.blob.slice(at, at + count).arrayBuffer());
    if (at < this.from || at + count > this.from + this.window.length) {
      this.from = at;
      this.window = new Uint8Array(await this.blob.slice(at, at + WINDOW).arrayBuffer());
    }
    return this.window.slice(at - this.from, at - this.from + count);
  }
}

const latin = (bytes) => {
  let out = "";
  for (const each of bytes) out += String.fromCharCode(each);
  return out;
};
const plain = (value) => value.replace(/[^\x20-\x7e\u00a0-\uffff]+/g, " ").trim().slice(0, 120);
const view = (bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const found = (told, kind, value = "") => {
  const said = plain(value);
  if (told.length < MOST_TOLD && !told.some((each) => each.kind === kind && each.value === said)) told.push({ kind, value: said });
};
/** Changes of a file: bytes that stand at a place instead of the old ones. */
const patched = (blob, changes, type) => {
  const parts = [];
  let at = 0;
  for (const change of changes.sort((one, other) => one.at - other.at)) {
    if (change.at < at) continue;
    parts.push(blob.slice(at, change.at), change.bytes);
    at = change.at + change.bytes.length;
  }
  parts.push(blob.slice(at));
  return new Blob(parts, { type });
};

// --- what kind ---------------------------------------------------------------------------------------------------------

const HEIC = new Set(["heic", "heix", "hevc", "mif1", "msf1", "avif", "avis"]);

/** Tell a kind by the first bytes, whatever the name says. */
export const kindOf = (head) => {
  const text = latin(head.slice(0, 16));
  if (text.startsWith("\xff\xd8\xff")) return "jpeg";
  if (text.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  if (text.startsWith("GIF8")) return "gif";
  if (text.startsWith("%PDF-")) return "pdf";
  if (text.startsWith("RIFF")) return { WEBP: "webp", WAVE: "wav", "AVI ": "avi" }[text.slice(8, 12)] || "other";
  if (text.slice(4, 8) === "ftyp") return HEIC.has(text.slice(8, 12)) ? "heic" : "mp4";
  if (text.startsWith("OggS")) return "ogg";
  if (text.startsWith("fLaC")) return "flac";
  if (text.startsWith("\x1aE\xdf\xa3")) return "webm";
  if (text.startsWith("ID3") || (head[0] === 0xff && (head[1] & 0xe0) === 0xe0)) return "mp3";
  if (/^(II\*\0|MM\0\*|BM|#!AMR)/.test(text)) return "other";
  const sample = head.slice(0, 4096);
  const isText = sample.length > 0 && !sample.some((each) => each < 9 || (each > 13 && each < 27) || each === 127);
  if (!isText) return "unknown";
  return /<svg[\s>]/i.test(latin(sample)) ? "svg" : "text";
};
const PICTURES = new Set(["jpeg", "png", "webp", "heic"]);

// --- EXIF --------------------------------------------------------------------------------------------------------------

const EXIF_WORDS = {
  0x010f: "device", 0x0110: "device", 0x0131: "software", 0x0132: "time", 0x013b: "author", 0x8298: "author",
  0x9003: "time", 0x9004: "time", 0xa430: "author", 0xa431: "device", 0x010e: "comment", 0x9286: "comment",
};

const readExif = (bytes, told) => {
  const order = latin(bytes.slice(0, 2));
  if (bytes.length < 8 || (order !== "II" && order !== "MM")) return;
  const little = order === "II";
  const data = view(bytes);
  const u16 = (at) => (at + 2 <= bytes.length ? data.getUint16(at, little) : 0);
  const u32 = (at) => (at + 4 <= bytes.length ? data.getUint32(at, little) : 0);
  const ratio = (at) => u32(at) / (u32(at + 4) || 1);
  const seen = new Set();
  const walk = (at, place) => {
    if (!at || at + 2 > bytes.length || seen.has(at) || seen.size > 8) return;
    seen.add(at);
    const position = {};
    for (let left = Math.min(u16(at), 512), entry = at + 2; left > 0 && entry + 12 <= bytes.length; left -= 1, entry += 12) {
      const [tag, count] = [u16(entry), u32(entry + 4)];
      const kind = u16(entry + 2);
      const long = count * ([0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8][kind] || 1);
      const from = long > 4 ? u32(entry + 8) : entry + 8;
      if (tag === 0x8769) walk(u32(entry + 8), false);
      else if (tag === 0x8825) walk(u32(entry + 8), true);
      else if (place && (tag === 1 || tag === 3)) position[tag] = latin(bytes.slice(from, from + 1));
      else if (place && (tag === 2 || tag === 4) && from + 24 <= bytes.length)
        position[tag] = ratio(from) + ratio(from + 8) / 60 + ratio(from + 16) / 3600;
      else if (!place && EXIF_WORDS[tag] && long < 4096) {
        const value = plain(latin(bytes.slice(from, from + long)));
        if (value) found(told, EXIF_WORDS[tag], value);
      }
    }
    if (Number.isFinite(position[2]) && Number.isFinite(position[4])) {
      const degrees = (value, sign) => `${(sign === "S" || sign === "W" ? -value : value).toFixed(5)}`;
      found(told, "place", `${degrees(position[2], position[1])}, ${degrees(position[4], position[3])}`);
    } else if (place) found(told, "place");
  };
  walk(u32(4), false);
};

const readXmp = (text, told) => {
  found(told, "xmp");
  const place = text.match(/GPSLatitude[^>"']{0,4}["'>]([^"'<]{1,40})/);
  if (place) found(told, "place", place[1]);
  const maker = text.match(/(?:tiff:Model|CreatorTool)[^>"']{0,4}["'>]([^"'<]{1,80})/);
  if (maker) found(told, "device", maker[1]);
  const author = text.match(/<dc:creator>[\s\S]{0,200}?<rdf:li[^>]{0,80}>([^<]{1,120})/);
  if (author) found(told, "author", author[1]);
};

// --- pictures ----------------------------------------------------------------------------------------------------------

const jpegParts = async (reader, told) => {
  let at = 2;
  let pixels = 0;
  while (at + 4 <= reader.size) {
    await reader.step();
    const head = await reader.bytes(at, 4);
    if (head[0] !== 0xff) throw new NoCopy("broken");
    if (head[1] === 0xff) { at += 1; continue; }
    if (head[1] === 0xda || head[1] === 0xd9) break;
    const long = (head[2] << 8) | head[3];
    if (long < 2 || at + 2 + long > reader.size) throw new NoCopy("broken");
    const body = await reader.bytes(at + 4, long - 2);
    const begins = latin(body.slice(0, 32));
    if (head[1] === 0xe1 && begins.startsWith("Exif\0")) readExif(body.slice(6), told);
    else if (head[1] === 0xe1 && begins.startsWith("http://ns.adobe.com/xap")) readXmp(latin(body), told);
    else if (head[1] === 0xed) found(told, "iptc");
    else if (head[1] === 0xfe) found(told, "comment", latin(body.slice(0, 120)));
    else if (head[1] >= 0xc0 && head[1] <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(head[1]) && body.length >= 5)
      pixels = Math.max(pixels, ((body[1] << 8) | body[2]) * ((body[3] << 8) | body[4]));
    at += 2 + long;
  }
  if (!pixels) throw new NoCopy("broken");
  return pixels;
};

const pngParts = async (reader, told) => {
  let at = 8;
  let pixels = 0;
  while (at + 12 <= reader.size) {
    await reader.step();
    const head = await reader.bytes(at, 8);
    const long = view(head).getUint32(0);
    const kind = latin(head.slice(4));
    if (at + 12 + long > reader.size) throw new NoCopy("broken");
    if (kind === "IHDR" && long >= 8) {
      const sizes = view(await reader.bytes(at + 8, 8));
      pixels = Math.max(pixels, sizes.getUint32(0) * sizes.getUint32(4));
    } else if (kind === "eXIf" && long < MOST_INNER) readExif(await reader.bytes(at + 8, long), told);
    else if (["tEXt", "iTXt", "zTXt"].includes(kind)) {
      const text = latin(await reader.bytes(at + 8, Math.min(long, 20_000)));
      if (/^XML:com\.adobe\.xmp/.test(text)) readXmp(text, told);
      else found(told, /author/i.test(text.slice(0, 20)) ? "author" : "comment", text.slice(0, 120));
    } else if (kind === "tIME") found(told, "time");
    else if (kind === "IEND") return pixels;
    at += 12 + long;
  }
  throw new NoCopy("broken");
};

/** Read how large a part of a WebP file says that the picture is. */
const webpPixels = (kind, body) => {
  if (body.length < 10) return 0;
  const u24 = (at) => body[at] | (body[at + 1] << 8) | (body[at + 2] << 16);
  const u16 = (at) => (body[at] | (body[at + 1] << 8)) & 0x3fff;
  if (kind === "VP8X") return (u24(4) + 1) * (u24(7) + 1);
  if (kind === "VP8 ") return u16(6) * u16(8);
  if (kind === "VP8L") return (((body[1] | (body[2] << 8)) & 0x3fff) + 1) * (((body[2] >> 6) | (body[3] << 2) | ((body[4] & 0x0f) << 10)) + 1);
  return 0;
};

const webpParts = async (reader, told) => {
  let at = 12;
  let pixels = 0;
  const end = Math.min(reader.size, 8 + view(await reader.bytes(4, 4)).getUint32(0, true)); // what hides behind it is none of it
  while (at + 8 <= end) {
    await reader.step();
    const head = await reader.bytes(at, 8);
    const kind = latin(head.slice(0, 4));
    const long = view(head).getUint32(4, true);
    if (at + 8 + long > end) throw new NoCopy("broken");
    if (kind.startsWith("VP8")) pixels = Math.max(pixels, webpPixels(kind, await reader.bytes(at + 8, Math.min(long, 10))));
    else if (kind === "EXIF" && long < MOST_INNER) {
      const body = await reader.bytes(at + 8, long);
      readExif(latin(body.slice(0, 4)) === "Exif" ? body.slice(6) : body, told);
    } else if (kind === "XMP " && long < MOST_INNER) readXmp(latin(await reader.bytes(at + 8, Math.min(long, 200_000))), told);
    else if (kind === "ANIM") throw new NoCopy("moving");
    at += 8 + long + (long % 2);
  }
  if (!pixels) throw new NoCopy("broken");
  return pixels;
};

const heicParts = async (reader, told) => {
  // Where its items stand takes a reader of its own; what they hold begins with a mark that is easily found.
  const bytes = await reader.bytes(0, Math.min(reader.size, 4_000_000));
  const text = latin(bytes);
  for (let at = text.indexOf("Exif\0\0"), tries = 0; at >= 0 && tries < 20; at = text.indexOf("Exif\0\0", at + 1), tries += 1)
    readExif(bytes.slice(at + 6, at + 200_000), told);
  const xmp = text.indexOf("<x:xmpmeta");
  if (xmp >= 0) readXmp(text.slice(xmp, xmp + 200_000), told);
  // Each picture in it, and what they are put together to, says its size in a box of its own; the largest counts.
  let pixels = 0;
  for (let at = text.indexOf("ispe\0\0\0\0"); at >= 0 && at + 16 <= bytes.length; at = text.indexOf("ispe\0\0\0\0", at + 4)) {
    const sizes = view(bytes.subarray(at + 8, at + 16));
    pixels = Math.max(pixels, sizes.getUint32(0) * sizes.getUint32(4));
  }
  if (!pixels) throw new NoCopy("undecodable");
  return pixels;
};


const PICTURE_PARTS = { jpeg: jpegParts, png: pngParts, webp: webpParts, heic: heicParts };

/** Read how many pixels a picture has from its head alone: a hundred megapixels fit into some thousand bytes. Refused: broken, kind. */
const pixelsOf = async (blob) => {
  const reader = new Reader(blob);
  const kind = kindOf(await reader.bytes(0, Math.min(4096, blob.size)));
  if (kind === "gif") {
    const sizes = view(await reader.bytes(6, 4));
    return sizes.getUint16(0, true) * sizes.getUint16(2, true);
  }
  if (kind === "png") {
    // What decodes it goes by the first head, and refuses a file that begins with another part.
    const head = await reader.bytes(12, 12);
    if (latin(head.slice(0, 4)) !== "IHDR") throw new NoCopy("broken");
    return view(head).getUint32(4) * view(head).getUint32(8);
  }
  if (!PICTURE_PARTS[kind]) throw new NoCopy("kind");
  try {
    return await PICTURE_PARTS[kind](reader, []);
  } catch (error) {
    // A moving one says so after its size, which is that of its first part.
    if (error instanceof NoCopy && error.reason === "moving") return webpPixels("VP8X", await reader.bytes(20, 10));
    throw error;
  }
};

/** Decode a picture for a canvas, if its head says that it is not too large. Refused: pixels, undecodable, and as its head. */
export const decoded = async (blob, most = MOST_PIXELS) => {
  if ((await pixelsOf(blob)) > most) throw new NoCopy("pixels");
  let bitmap;
  try {
    bitmap = await createImageBitmap(blob);
  } catch {
    throw new NoCopy("undecodable");
  }
  if (bitmap.width * bitmap.height > most) {
    bitmap.close();
    throw new NoCopy("pixels");
  }
  return bitmap;
};

/** Write what a canvas shows; nothing but its pixels is in it. */
export const encoded = (canvas, type) =>
  new Promise((go, fail) => canvas.toBlob((blob) => (blob ? go(blob) : fail(new NoCopy("undecodable"))), type, 0.92));

const drawn = async (blob, kind) => {
  const bitmap = await decoded(blob);
  const canvas = document.createElement("canvas");
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  canvas.getContext("2d").drawImage(bitmap, 0, 0);
  bitmap.close();
  const written = await encoded(canvas, kind === "png" ? "image/png" : "image/jpeg");
  canvas.width = canvas.height = 0;
  return written;
};

// --- MP4, MOV, M4A -----------------------------------------------------------------------------------------------------

const TELLING = new Set(["udta", "meta", "uuid", "Xtra", "XMP_", "ilst"]);
const INSIDE = new Set(["moov", "trak", "mdia", "moof", "traf", "edts", "minf"]);
const TIMES = new Set(["mvhd", "tkhd", "mdhd"]);
const EPOCH_1904 = 2_082_844_800;

const mp4Words = (bytes, told) => {
  const text = latin(bytes.length > 400_000 ? bytes.slice(0, 400_000) : bytes);
  const place = text.match(/[+-]\d{1,3}\.\d+[+-]\d{1,3}\.\d+/);
  if (place) found(told, "place", place[0]);
  else if (/\xa9xyz|loci|location/.test(text)) found(told, "place");
  for (const [mark, kind] of [["\xa9mak", "device"], ["\xa9mod", "device"], ["\xa9swr", "software"], ["\xa9too", "software"],
    ["\xa9day", "time"], ["\xa9ART", "author"], ["\xa9nam", "title"], ["\xa9cmt", "comment"], ["auth", "author"]]) {
    const at = text.indexOf(mark);
    if (at >= 0) found(told, kind, text.slice(at + 8, at + 60).replace(/^data[\0-\x20]*/, "").split(/[\0-\x08]/).filter(Boolean)[0] || "");
  }
  const apple = text.match(/com\.apple\.quicktime\.(make|model|creationdate|author)/);
  if (apple) found(told, { creationdate: "time", author: "author" }[apple[1]] || "device");
};

const mp4 = async (reader, told, changes) => {
  const walk = async (from, to, depth) => {
    let at = from;
    while (at + 8 <= to) {
      await reader.step();
      const head = await reader.bytes(at, 8);
      let long = view(head).getUint32(0);
      let inner = 8;
      const kind = latin(head.slice(4));
      if (long === 1) {
        const wide = view(await reader.bytes(at + 8, 8));
        long = wide.getUint32(0) * 2 ** 32 + wide.getUint32(4);
        inner = 16;
      } else if (long === 0) long = to - at;
      if (long < inner || at + long > to) {
        // A last film box that was cut off is a film that was cut off: what stands before it is read all the same.
        if (kind === "mdat" && depth === 0) return;
        throw new NoCopy("broken");
      }
      if (TELLING.has(kind)) {
        mp4Words(await reader.bytes(at + inner, Math.min(long - inner, MOST_INNER)), told);
        found(told, "container");
        const free = new Uint8Array(4).map((_, place) => "free".charCodeAt(place));
        changes.push({ at: at + 4, bytes: free });
        if (long - inner > MOST_INNER) throw new NoCopy("size");
        changes.push({ at: at + inner, bytes: new Uint8Array(long - inner) });
      } else if (TIMES.has(kind) && long - inner >= 20) {
        const body = await reader.bytes(at + inner, 20);
        const wide = body[0] === 1;
        const made = wide ? view(body).getUint32(8) : view(body).getUint32(4);
        if (made || body.slice(4, wide ? 20 : 12).some(Boolean)) {
          if (made > EPOCH_1904) found(told, "time", new Date((made - EPOCH_1904) * 1000).toISOString().slice(0, 16).replace("T", " "));
          changes.push({ at: at + inner + 4, bytes: new Uint8Array(wide ? 16 : 8) });
        }
      } else if (INSIDE.has(kind) && depth < 12) await walk(at + inner, at + long, depth + 1);
      at += long;
    }
  };
  await walk(0, reader.size, 0);
};

// --- RIFF, FLAC --------------------------------------------------------------------------------------------------------

const riff = async (reader, told, changes) => {
  let at = 12;
  while (at + 8 <= reader.size) {
    await reader.step();
    const head = await reader.bytes(at, 8);
    const kind = latin(head.slice(0, 4));
    const long = Math.min(view(head).getUint32(4, true), reader.size - at - 8);
    const list = kind === "LIST" && long >= 4 ? latin(await reader.bytes(at + 8, 4)) : "";
    if (["bext", "iXML", "id3 ", "ID3 ", "_PMX", "cart", "IDIT"].includes(kind) || list === "INFO") {
      if (long > MOST_INNER) throw new NoCopy("size");
      const body = latin(await reader.bytes(at + 8, Math.min(long, 4096)));
      found(told, kind === "bext" ? "device" : "container", body.replace(/^INFO/, ""));
      changes.push({ at, bytes: Uint8Array.from("JUNK", (each) => each.charCodeAt(0)) }, { at: at + 8, bytes: new Uint8Array(long) });
    } else if (list === "hdrl") found(told, "format", "AVI");
    at += 8 + long + (long % 2);
  }
};

const flac = async (reader, told, changes) => {
  let at = 4;
  for (let last = false; !last;) {
    await reader.step();
    const head = await reader.bytes(at, 4);
    last = head[0] > 127;
    const long = (head[1] << 16) | (head[2] << 8) | head[3];
    if (at + 4 + long > reader.size) throw new NoCopy("broken");
    if ([2, 4, 6].includes(head[0] & 127)) {
      found(told, "comment", latin(await reader.bytes(at + 4, Math.min(long, 400))));
      changes.push({ at, bytes: Uint8Array.of(1 | (last ? 128 : 0)) }, { at: at + 4, bytes: new Uint8Array(long) });
    }
    at += 4 + long;
  }
};

// --- MP3 ---------------------------------------------------------------------------------------------------------------

const mp3 = async (reader, told) => {
  let [from, to] = [0, reader.size];
  for (let tags = 0; tags < 8 && from + 10 <= to; tags += 1) {
    const head = await reader.bytes(from, 10);
    if (latin(head.slice(0, 3)) !== "ID3") break;
    if (head.slice(6).some((each) => each > 127)) throw new NoCopy("broken");
    const long = (head[6] << 21) | (head[7] << 14) | (head[8] << 7) | head[9];
    const text = latin(await reader.bytes(from + 10, Math.min(long, reader.size - from - 10, 100_000)));
    found(told, "container", "ID3");
    for (const [frame, kind] of [["TPE1", "author"], ["TIT2", "title"], ["TSSE", "software"], ["TENC", "author"], ["COMM", "comment"],
      ["TDRC", "time"], ["TYER", "time"], ["GEOB", "place"]]) {
      const at = text.indexOf(frame);
      if (at >= 0) found(told, kind, text.slice(at + 11, at + 80).split("\0").join(""));
    }
    from += 10 + long + (head[5] & 16 ? 10 : 0);
    if (from > to) throw new NoCopy("broken");
  }
  for (let tags = 0; tags < 8; tags += 1) {
    if (to - from >= 128 && latin(await reader.bytes(to - 128, 3)) === "TAG") {
      found(told, "container", `ID3 ${latin(await reader.bytes(to - 125, 90))}`);
      to -= 128;
    } else if (to - from >= 32 && latin(await reader.bytes(to - 32, 8)) === "APETAGEX") {
      const foot = view(await reader.bytes(to - 32, 32));
      const long = foot.getUint32(12, true) + (foot.getUint32(20, true) & 0x80000000 ? 32 : 0);
      if (long < 32 || long > to - from) throw new NoCopy("broken");
      found(told, "container", "APE");
      to -= long;
    } else break;
  }
  return [from, to];
};

// --- Ogg ---------------------------------------------------------------------------------------------------------------

const OGG_CRC = Uint32Array.from({ length: 256 }, (_, value) => {
  let sum = value << 24;
  for (let bit = 0; bit < 8; bit += 1) sum = sum & 0x80000000 ? (sum << 1) ^ 0x04c11db7 : sum << 1;
  return sum;
});
const oggSum = (bytes) => bytes.reduce((sum, each) => ((sum << 8) ^ OGG_CRC[((sum >>> 24) ^ each) & 255]) >>> 0, 0);

const ogg = async (reader, told, changes) => {
  // The comments are the second packet of each stream; they stand before all sound.
  const streams = new Map();
  let at = 0;
  for (let pages = 0; at + 27 <= reader.size && pages < 4096; pages += 1) {
    await reader.step();
    const head = await reader.bytes(at, 27);
    if (latin(head.slice(0, 4)) !== "OggS") throw new NoCopy("broken");
    const lacing = await reader.bytes(at + 27, head[26]);
    const long = lacing.reduce((sum, each) => sum + each, 0);
    const page = await reader.bytes(at, 27 + head[26] + long);
    const serial = view(head).getUint32(14, true);
    const stream = streams.get(serial) || { packet: 0, pieces: [], touched: [], done: false };
    streams.set(serial, stream);
    let inner = 27 + head[26];
    if (!stream.done)
      for (const size of lacing) {
        if (stream.packet === 1) stream.pieces.push({ page, at: inner, size });
        inner += size;
        if (size < 255) {
          stream.packet += 1;
          if (stream.packet === 2) { stream.done = true; break; }
        }
      }
    if (stream.pieces.some((piece) => piece.page === page)) stream.touched.push({ at, page });
    if (stream.done && stream.pieces.length) {
      const packet = new Uint8Array(stream.pieces.reduce((sum, piece) => sum + piece.size, 0));
      let to = 0;
      for (const piece of stream.pieces) {
        packet.set(piece.page.subarray(piece.at, piece.at + piece.size), to);
        to += piece.size;
      }
      const text = latin(packet.slice(0, 8));
      const start = text === "OpusTags" ? 8 : text.slice(0, 7) === "\x03vorbis" ? 7 : 0;
      if (!start) throw new NoCopy("kind");
      if (packet.length < start + 9) throw new NoCopy("broken");
      const words = latin(packet.slice(start)).match(/[A-Za-z_]{3,20}=[^\0]{1,100}/g) || [];
      for (const word of words.slice(0, 10))
        found(told, /^(artist|author|encoder)/i.test(word) ? "author" : /^(geo|location)/i.test(word) ? "place" : "comment", word);
      if (!words.length) found(told, "container", "Ogg");
      packet.fill(0, start);
      if (start === 7) packet[start + 8] = 1;
      to = 0;
      for (const piece of stream.pieces) {
        piece.page.set(packet.subarray(to, to + piece.size), piece.at);
        to += piece.size;
      }
      for (const one of stream.touched) {
        one.page.fill(0, 22, 26);
        view(one.page).setUint32(22, oggSum(one.page), true);
        changes.push({ at: one.at, bytes: one.page });
      }
      stream.pieces = [];
    }
    at += page.length;
    if ([...streams.values()].every((each) => each.done) && pages > 64) break;
  }
  if (!streams.size || ![...streams.values()].some((each) => each.done)) throw new NoCopy("broken");
};

// --- WebM, Matroska ----------------------------------------------------------------------------------------------------

const SEGMENT = 0x18538067, CLUSTER = 0x1f43b675, INFO = 0x1549a966, TAGS = 0x1254c367, ATTACHED = 0x1941a469, CHAPTERS = 0x1043a770;
const VOIDED = new Map([[TAGS, "container"], [ATTACHED, "container"], [CHAPTERS, "title"], [0x4461, "time"], [0x7ba9, "title"], [0x73a4, "container"], [0x536e, "title"]]);
const BLANKED = new Map([[0x4d80, "software"], [0x5741, "software"]]);

const webm = async (reader, told, changes) => {
  const walk = async (from, to, depth) => {
    let at = from;
    while (at + 2 <= to) {
      await reader.step();
      const head = await reader.bytes(at, Math.min(12, to - at));
      const idLong = Math.clz32(head[0]) - 23;
      if (idLong > 4 || idLong >= head.length) throw new NoCopy("broken");
      let id = 0;
      for (let place = 0; place < idLong; place += 1) id = id * 256 + head[place];
      const sizeLong = Math.clz32(head[idLong]) - 23;
      if (sizeLong > 8 || idLong + sizeLong > head.length) throw new NoCopy("broken");
      let long = head[idLong] & (0xff >> sizeLong);
      let unknown = long === (0xff >> sizeLong);
      for (let place = 1; place < sizeLong; place += 1) {
        long = long * 256 + head[idLong + place];
        unknown = unknown && head[idLong + place] === 255;
      }
      const inner = at + idLong + sizeLong;
      if (unknown) {
        if (id !== SEGMENT && id !== CLUSTER) throw new NoCopy("broken");
        at = inner; // what is in it follows, and tells itself where it ends
        continue;
      }
      if (inner + long > to) {
        if (depth === 0 && (id === CLUSTER || id === SEGMENT)) long = to - inner;
        else if (id === 0xa3 || id === 0xa0) return; // a recording that was cut off
        else throw new NoCopy("broken");
      }
      if (VOIDED.has(id)) {
        if (long > MOST_INNER) throw new NoCopy("size");
        found(told, VOIDED.get(id), id === 0x7ba9 ? latin(await reader.bytes(inner, Math.min(long, 120))) : "");
        const whole = idLong + sizeLong + long;
        const width = Math.min(8, whole - 1, idLong + sizeLong - 1);
        const empty = new Uint8Array(whole);
        empty[0] = 0xec;
        let rest = whole - 1 - width;
        for (let place = width; place > 0; place -= 1) {
          empty[place] = rest % 256;
          rest = Math.floor(rest / 256);
        }
        empty[1] |= 1 << (8 - width);
        changes.push({ at, bytes: empty });
      } else if (BLANKED.has(id)) {
        found(told, BLANKED.get(id), latin(await reader.bytes(inner, Math.min(long, 120))));
        if (long > 4096) throw new NoCopy("broken");
        changes.push({ at: inner, bytes: new Uint8Array(long).fill(0x20) });
      } else if ([SEGMENT, INFO, 0x1654ae6b, 0xae].includes(id) && depth < 6) await walk(inner, inner + long, depth + 1);
      at = inner + long;
    }
  };
  await walk(0, reader.size, 0);
};

// --- PDF ---------------------------------------------------------------------------------------------------------------

const PDF_KEYS = { Author: "author", Creator: "software", Producer: "software", CreationDate: "time", ModDate: "time", Title: "title", Subject: "title", Keywords: "title", Company: "author" };

const pdfText = (raw) => {
  const hexed = /^<([0-9A-Fa-f\s]*)>$/.exec(raw);
  const bytes = hexed ? hexed[1].replace(/\s/g, "").match(/../g)?.map((each) => parseInt(each, 16)) || [] : null;
  const text = bytes ? String.fromCharCode(...bytes) : raw.slice(1, -1).replace(/\\([0-7]{1,3})/g, (_, eight) => String.fromCharCode(parseInt(eight, 8))).replace(/\\(.)/g, "$1");
  return text.startsWith("\xfe\xff") ? text.slice(2).replace(/\0/g, "") : text;
};

/** Find the end of a string that begins here: after its bracket, or -1. */
const stringEnd = (text, at) => {
  if (text[at] === "<") return text[at + 1] === "<" ? -1 : text.indexOf(">", at) + 1 || -1;
  for (let depth = 0, place = at, most = Math.min(text.length, at + 20_000); place < most; place += 1) {
    if (text[place] === "\\") place += 1;
    else if (text[place] === "(") depth += 1;
    else if (text[place] === ")" && --depth === 0) return place + 1;
  }
  return -1;
};

const pdf = async (reader, told, changes) => {
  const bytes = await new Response(reader.blob).arrayBuffer();
  const text = new TextDecoder("latin1").decode(bytes).replace(/[\u0100-\uffff]/g, "?");
  if (text.lastIndexOf("%%EOF") < 0) throw new NoCopy("broken");
  if (/\/(Launch|JavaScript|JS|EmbeddedFile|RichMedia)\b/.test(text)) found(told, "acts");
  const blank = (from, to) => changes.push({ at: from, bytes: new Uint8Array(to - from).fill(0x20) });
  let stands = false;
  const infos = new Set([...text.matchAll(/\/Info\s{1,20}(\d{1,10})\s{1,20}\d{1,5}\s{1,20}R/g)].slice(0, 50).map((each) => each[1]));
  for (const number of infos) {
    const objects = [...text.matchAll(new RegExp(`(?:^|[^0-9])${number}\\s{1,5}\\d{1,5}\\s{1,5}obj\\b`, "g"))].slice(0, 50);
    if (!objects.length) stands = true;
    for (const object of objects) {
      const from = object.index + object[0].length;
      const end = Math.min(text.indexOf("endobj", from) < 0 ? text.length : text.indexOf("endobj", from), from + 60_000);
      for (const key of text.slice(from, end).matchAll(/\/([A-Za-z.#0-9]{2,40})\s{0,5}(?=[(<])/g)) {
        const at = from + key.index + key[0].length;
        const close = stringEnd(text, at);
        if (close < 0 || close > end) { if (text.slice(at, at + 2) !== "<<") stands = true; continue; }
        const value = pdfText(text.slice(at, close));
        if (value.trim()) found(told, PDF_KEYS[key[1]] || "comment", value);
        blank(at + 1, close - 1);
      }
      if (/\/(Author|Creator|Producer|Title)\s{1,5}\d{1,10}\s\d{1,5}\sR/.test(text.slice(from, end))) stands = true;
    }
  }
  let packets = 0;
  for (let at = text.indexOf("<?xpacket begin"); at >= 0 && packets < 200; at = text.indexOf("<?xpacket begin", at + 10)) {
    packets += 1;
    const end = text.indexOf("<?xpacket end", at);
    if (end < 0) { stands = true; break; }
    readXmp(text.slice(at, Math.min(end, at + 200_000)), told);
    const close = text.indexOf("?>", at);
    if (close > 0 && close < end) blank(close + 2, end);
  }
  const streams = (text.match(/\/Type\s{0,5}\/Metadata\b/g) || []).length;
  if (streams > packets) { found(told, "xmp"); stands = true; }
  if (/\/Encrypt\b/.test(text)) throw new NoCopy("locked");
  if (/\/ByteRange\b/.test(text)) throw new NoCopy("signed");
  // What is packed into streams of objects is not looked into: such a file may name somebody where nobody sees it.
  if (stands || /\/ObjStm\b/.test(text)) throw new NoCopy("packed");
};

// --- what others call --------------------------------------------------------------------------------------------------

const IN_PLACE = { mp4, wav: riff, avi: riff, flac, ogg, webm, pdf };
const TYPES = { mp4: "video/mp4", wav: "audio/wav", avi: "video/x-msvideo", flac: "audio/flac", ogg: "audio/ogg", webm: "video/webm", pdf: "application/pdf", mp3: "audio/mpeg" };

/**
 * Look at a file: {kind, told: [{kind, value}], copy, reason}.
 *
 * `copy` is a working copy (a Blob) that tells none of it, or null; then `reason` says why (see NoCopy).
 */
export const cleaned = async (file) => {
  const told = [];
  let kind = "unknown";
  try {
    if (file.size > MOST_BYTES) throw new NoCopy("size");
    if (!file.size) throw new NoCopy("broken");
    const reader = new Reader(file);
    kind = kindOf(await reader.bytes(0, Math.min(4096, file.size)));
    if (kind === "svg") {
      const text = await file.slice(0, 1_000_000).text();
      if (/<script|\son\w+\s*=|javascript:/i.test(text)) found(told, "acts");
      throw new NoCopy("kind");
    }
    if (PICTURES.has(kind)) {
      const pixels = await PICTURE_PARTS[kind](reader, told);
      if (pixels > MOST_PIXELS) throw new NoCopy("pixels");
      return { kind, told, copy: await drawn(file, kind), reason: "" };
    }
    if (kind === "mp3") {
      const [from, to] = await mp3(reader, told);
      if (to - from < 4) throw new NoCopy("broken");
      return { kind, told, copy: new Blob([file.slice(from, to)], { type: TYPES.mp3 }), reason: "" };
    }
    if (!IN_PLACE[kind]) throw new NoCopy("kind");
    const changes = [];
    await IN_PLACE[kind](reader, told, changes);
    return { kind, told, copy: patched(file, changes, TYPES[kind]), reason: "" };
  } catch (error) {
    // What a browser says of a file that it cannot read is no other news than that it is broken.
    return { kind, told, copy: null, reason: error instanceof NoCopy ? error.reason : "broken" };
  }
};
