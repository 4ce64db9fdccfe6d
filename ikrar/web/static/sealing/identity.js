// Whether words hold something of the identity of a reporter, however it is spelled: other separators, letters that look the same,
// signs that do not show. Names by their words, numbers by their digits, an address by its street with the number, in a row.
// A description of who he is no program knows; docs/cases.md says what else passes.
const setOf = (words) => new Set(words.split(" "));
// What stands around a name and is borne by many, or is an ordinary word: alone it points at nobody.
const AROUND = setOf("dr drs dra ir prof haji hajah hj kh kyai ustaz ustad bapak bpk pak ibu bu sdr sdri saudara saudari bin binti alias mr mrs ms sh se mm mh msi mpd spd sip sag skom amd");
const COMMON = setOf(
  "pelapor terlapor saksi rekaan admin kantor kontak humas warga kepala camat lurah desa kota negara negeri indah jaya maju putra putri agung bulan cahaya bunga mawar melati indonesia " +
    "abdul abdullah achmad ahmad muhammad mohamad mohammad agus andi anita asep aminah arif bambang budi citra dedi dewi dian eka endang fitri hadi hari hartono hasan hendra heri " +
    "hidayat hidayah ibrahim indra irawan ismail iwan joko kartika kurnia kurniawan lestari maria mulyadi nugroho nurul pratama pratiwi prasetyo purnama rahayu rahman rahmat " +
    "ratna rizki rudi saputra saputri santoso setiawan siregar sitompul slamet suharto sukarno sunarto supriyadi suryadi susanto susilo sutrisno syahputra teguh utama utami " +
    "wahyu wahyuni wati wibowo widodo wijaya yanti yanto yudi yulia yusuf zainal nasution lubis harahap simanjuntak sinaga ginting sembiring hutagalung pasaribu",
);
const OF_ROADS = setOf("jalan jl jln gang gg lorong lr nomor no nmr number street st road rd blok block rumah komplek kompleks perumahan perum rt rw kelurahan kel desa ds dusun dsn kecamatan kec kabupaten kab kota provinsi prov");
const PROVIDERS = setOf("gmail.com googlemail.com yahoo.com yahoo.co.id ymail.com outlook.com outlook.co.id hotmail.com live.com icloud.com proton.me protonmail.com mail.com aol.com");
const NUMBERS = new Map("nol satu dua tiga empat lima enam tujuh delapan sembilan".split(" ").map((word, number) => [word, number]));
const MONTHS = [["jan"], ["feb", "peb"], ["mar"], ["apr"], ["mei", "may"], ["jun"], ["jul"], ["agu", "agt", "aug"], ["sep"], ["okt", "oct"], ["nov", "nop"], ["des", "dec"]];
const LONE = 5; // letters of a rare word of a name that is refused alone
const JOINED = 8; // letters of words that are looked for without regard to blanks
const RUN = 7; // digits in a row that are a number's

// Letters that look like another, as both are written; capitals first, as some look otherwise when they are small.
const pairs = (from, to) => Array.from(from).map((sign, place) => [sign, to[place]]);
const CAPITALS = new Map(pairs("ΗΝΥΜΖВНРСУХМТКАЕОІЈЅ", "hnymzbhpcyxmtkaeoijs"));
const SMALL = new Map([
  ...pairs("абсԁеһіјкӏмопԛгѕтуѵԝхвнрьүұ", "abcdehijklmonqrstyvwxbhpbyy"),
  ...pairs("αβγεζηικμνοπρστυχω", "abyeznikuvonpotuxw"),
  ...pairs("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnoprstuvwyz"),
  ...pairs("ıɑɡɩłøđħŧ", "iagilodht"),
]);
const digitOf = (sign) => {
  let start = sign.codePointAt(0);
  while (/\p{Nd}/u.test(String.fromCodePoint(start - 1))) start -= 1;
  return String((sign.codePointAt(0) - start) % 10);
};

/** A text as it is compared: what looks the same is the same, what does not show is gone. */
export const folded = (text) =>
  Array.from(String(text).normalize("NFKD").replace(/[\p{M}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, ""), (sign) => {
    const small = sign.toLowerCase();
    return CAPITALS.get(sign) ?? SMALL.get(small) ?? (/\p{Nd}/u.test(sign) ? digitOf(sign) : small);
  }).join("");

// Digits that stand for letters within a word; l and i are one, as 1 may be either.
const asLetters = (word) => word.replace(/[01345l]/g, (sign) => ({ 0: "o", 1: "i", 3: "e", 4: "a", 5: "s", l: "i" })[sign]);
const wordsOf = (text) => (folded(text).replace(/['`\u2018\u2019\u02bc]/g, "").match(/[\p{L}\p{N}]+/gu) || []).map((word) => (/\p{L}/u.test(word) ? asLetters(word) : word));
const AROUND_A_NAME = new Set([...AROUND].map(asLetters));
const KNOWN_TO_MANY = new Set([...COMMON].map(asLetters));
// Words and numbers apart: 7A is 7 and a, 07 is 7, "tujuh" is 7.
const pieces = (text) => (folded(text).match(/\p{L}+|\p{N}+/gu) || []).map((piece) => String(NUMBERS.get(piece) ?? piece.replace(/^0+(?=\d)/, "")));
const placed = (text) => pieces(text).filter((piece) => !OF_ROADS.has(piece));
const holdsRow = (all, row) => row.length > 0 && all.some((_, at) => row.every((each, place) => all[at + place] === each));

// --- numbers ----------------------------------------------------------------------------------------------------------

/** The digits of a text as they are read in a row: a word for a digit, o for 0, and separators between them count for nothing. */
const digitsOf = (text) =>
  folded(text)
    .replace(/\p{L}+/gu, (word) => NUMBERS.get(word) ?? word)
    .replace(/[\doil]*\d[\doil]*/g, (word) => word.replace(/o/g, "0").replace(/[il]/g, "1"))
    .replace(/(\d)[^\p{L}\p{N}]{1,3}(?=\d)/gu, "$1");
const holdsRun = (text, number) => {
  const said = digitsOf(text);
  for (let at = 0; at + RUN <= number.length; at += 1) {
    const run = number.slice(at, at + RUN);
    // A sum in round figures is nobody's number.
    if (new Set(run).size > 2 && said.includes(run)) return true;
  }
  return number.length >= RUN && said.includes(number);
};
const national = (phone) => digitsOf(phone).replace(/\D/g, "").replace(/^(?:00)?62(?=\d{7})/, "").replace(/^0+/, "");
/** Of an identity card the part that is not the region's. */
const personal = (card) => {
  const digits = digitsOf(card).replace(/\D/g, "");
  return digits.length === 16 ? digits.slice(6) : digits;
};

// --- days -------------------------------------------------------------------------------------------------------------

const monthOf = (piece) => (/^\d+$/.test(piece) ? Number(piece) : 1 + MONTHS.findIndex((names) => names.some((name) => piece.startsWith(name))));
const dayOf = (day, month, year) => (/^\d{1,2}$/.test(day) && /^(\d{1,2}|\d{4})$/.test(year) && monthOf(month) >= 1 && monthOf(month) <= 12 ? `${Number(day)}/${monthOf(month)}/${Number(year) % 100}` : null);
const daysOf = (text) => {
  const all = pieces(text);
  return all.flatMap((each, at) => (at + 2 < all.length ? [dayOf(each, all[at + 1], all[at + 2]), dayOf(all[at + 2], all[at + 1], each)] : [])).filter(Boolean);
};

// --- what each field of an identity is told by ------------------------------------------------------------------------

const nameHeld = (text, name) => {
  const own = wordsOf(name).filter((word) => word.length > 1 && !AROUND_A_NAME.has(word));
  const said = wordsOf(text);
  if (own.length === 1) return own[0].length > 2 && said.includes(own[0]);
  const long = said.filter((word) => word.length > 1);
  const isPair = (one, other) => one !== other && own.includes(one) && own.includes(other);
  if (long.some((word, at) => at > 0 && isPair(long[at - 1], word))) return true;
  const joined = said.join("");
  const inARow = own.slice(1).flatMap((word, at) => [own[at] + word, word + own[at]]);
  if (inARow.some((row) => row.length >= JOINED && joined.includes(row))) return true;
  return own.some((word) => word.length >= LONE && !KNOWN_TO_MANY.has(word) && said.includes(word));
};
const SIGNS = setOf("at et dot titik");
const emailHeld = (text, email) => {
  const [local, host = ""] = folded(email).trim().split("@");
  const said = pieces(text).filter((piece) => !SIGNS.has(piece));
  const own = pieces(local);
  const joined = own.join("");
  if (joined && host && said.join("").includes(joined + pieces(host).join(""))) return true;
  if (joined.length >= JOINED && said.join("").includes(joined)) return true;
  if (joined.length >= LONE && !(own.length === 1 && COMMON.has(joined)) && holdsRow(said, own)) return true;
  return host.includes(".") && !PROVIDERS.has(host) && !host.endsWith(".go.id") && holdsRow(said, pieces(host));
};
/** Street and number: the first number of the address with the word before it; of an address without one all its words. */
const addressHeld = (text, address) => {
  const all = placed(address);
  const isNumber = (piece = "") => /^\p{N}+$/u.test(piece);
  let end = all.findIndex((piece, at) => at > 0 && isNumber(piece));
  // A street that is named after a day begins with a number; the house has the next.
  if (isNumber(all[0]) && isNumber(all[end + 1])) end += 1;
  const start = all.map((piece, at) => at < end && !isNumber(piece) && piece.length > 2).lastIndexOf(true);
  const row = start < 0 ? all : all.slice(start, end + 1);
  return row.length > 1 && holdsRow(placed(text), row);
};
const birthHeld = (text, birth) => {
  const said = daysOf(text);
  return daysOf(birth).some((day) => said.includes(day));
};
const wordsHeld = (text, words) => pieces(words).length > 1 && holdsRow(pieces(text), pieces(words));
const HELD = {
  name: nameHeld, address: addressHeld, email: emailHeld, birth: birthHeld, job: wordsHeld,
  phone: (text, phone) => holdsRun(text, national(phone)), id_number: (text, card) => holdsRun(text, personal(card)),
};

/** The fields of an identity of which a text holds something. What many share, as sex and citizenship, is none. */
export const heldOf = (identity, text) =>
  Object.entries(HELD).filter(([field, isHeld]) => typeof identity?.[field] === "string" && identity[field].trim() && isHeld(text, identity[field])).map(([field]) => field);
