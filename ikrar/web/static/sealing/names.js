// Names, as domain/reports.py reads them.
const TITLES = new Set("dr drs dra ir prof haji hajah bapak pak ibu bu sdr sdri moh muh muhammad mohammad si sos pd kom".split(" "));
const nameWords = (name) => name.toLowerCase().match(/\p{L}{2,}/gu) || [];
/** Whether a name that is excluded may be a holder's: as domain/reports.py means it. */
export const means = (typed, name) => {
  const wanted = nameWords(typed).filter((word) => !TITLES.has(word));
  const known = new Set(nameWords(name));
  return wanted.length > 0 && wanted.every((word) => known.has(word));
};
