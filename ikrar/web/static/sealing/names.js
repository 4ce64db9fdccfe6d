// Names, as domain/reports.py reads them.
const TITLES = new Set("dr drs dra ir prof haji hajah bapak pak ibu bu sdr sdri moh muh muhammad mohammad si sos pd kom".split(" "));
const nameWords = (name) => name.toLowerCase().match(/\p{L}{2,}/gu) || [];
/** Whether a name that is excluded may be a holder's: as domain/reports.py means it. */
export const means = (typed, name) => {
  const wanted = nameWords(typed).filter((word) => !TITLES.has(word));
  const known = new Set(nameWords(name));
  return wanted.length > 0 && wanted.every((word) => known.has(word));
};

/** Whether the rule of a report, {keys, names}, excludes somebody, {name, keys: all that he ever had}: by one of his keys, by a name
 * that may be his, or by that of the owner of a key which the rule names. */
export const isExcluded = ({ keys = [], names = [] }, person, owners) => {
  const excluded = [...names, ...keys.map((key) => owners[key]).filter(Boolean)];
  return person.keys.some((key) => keys.includes(key)) || excluded.some((typed) => means(String(typed), person.name));
};
