// Names, as domain/reports.py reads them; tests/corpora/sealing.json holds both to the same answers.
const setOf = (words) => new Set(words.split(" "));
const TITLES = setOf(
  "dr drs dra drg drh ir prof haji hajah hj hjh kh kyai kiai ustaz ustad ustadz ust tgk teungku bapak bpk pak ibu bu sdr sdri mr mrs ms",
);
const DEGREES = setOf(
  "si sos pd kom sh mh mm se me ip stp sstp ag ap hut ma ba sc msc mba mph mpa map phd lc sp spt pt pi st mt ss tp ak akt kes kep ked keb farm apt gz ns md amd hum psi ikom kn th fil hi sy sn ds or ling tr str trip ssit sit skm skep skom ssos sip sag spd spdi spsi shut ssi msi mpd mkes mkom mhum mkn mag mak pdi",
);
const MUHAMMAD = setOf("moh muh moch mohd mohamad mohammad mochamad mochammad muhamad muhammad");

const nameWords = (name) =>
  (name.normalize("NFKC").toLowerCase().replace(/['`\u2018\u2019\u02bc]/g, "").match(/[\p{L}\p{Nl}\p{No}]{2,}/gu) || []).map((word) =>
    MUHAMMAD.has(word) ? "muhammad" : word,
  );
const coreOf = (name, short = true) => {
  const words = nameWords(name).filter((word) => !TITLES.has(word));
  const core = words.filter((word) => !DEGREES.has(word) && word !== "muhammad");
  return core.length || !short ? core : words;
};
const within = (some, all) => some.length > 0 && some.every((word) => all.includes(word));
/** Whether a name that is excluded may be a holder's: as domain/reports.py means it. */
export const means = (typed, name) => {
  const own = name.split(",")[0];
  const [known, core] = [nameWords(own), coreOf(own)];
  return typed.split(/[,;]/).some((piece, place) => {
    const wanted = coreOf(piece, !place);
    return within(wanted, known) || (wanted.length > 0 && within(core, wanted));
  });
};

/** Whether the rule of a report, {keys, names}, excludes somebody, {name, keys: all that he ever had}: by one of his keys, by a name
 * that may be his, or by that of the owner of a key which the rule names. */
export const isExcluded = ({ keys = [], names = [] }, person, owners) => {
  const excluded = [...names, ...keys.map((key) => owners[key]).filter(Boolean)];
  return person.keys.some((key) => keys.includes(key)) || excluded.some((typed) => means(String(typed), person.name));
};
