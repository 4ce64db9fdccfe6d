// How an officer's page asks the server: a session that ended is told apart from a line that broke, and the way back in is shown
// beside what he wrote, which stays. The page holds that sentence in a template (reports/_signed_out.html).
import { byId } from "./page.js";

const field = "csrfmiddlewaretoken";
let newest = ""; // the token of a session that began since the page was loaded

class SignedOut extends Error {
  code = "signed_out";
}

const isEntrance = (answer) => {
  const entrance = byId("signed-out")?.dataset.entrance;
  return Boolean(entrance && answer.redirected && new URL(answer.url).pathname.startsWith(entrance));
};

/** Ask for an address. Where nobody is signed in any more it throws, with the code signed_out. */
export const ask = async (address, options = {}) => {
  const answer = await fetch(address, { cache: "no-store", ...options });
  if (isEntrance(answer)) throw new SignedOut("signed out");
  return answer;
};

/** Send a form. Where he signed in again meanwhile, in another tab, the token of that session is taken and the form sent once more. */
export const post = async (address, form, options = {}) => {
  if (newest) form.set(field, newest);
  const answer = await ask(address, { ...options, method: "POST", body: form });
  if (answer.status !== 403) return answer;
  const page = await ask(location.pathname);
  const fresh = page.ok && new DOMParser().parseFromString(await page.text(), "text/html").querySelector(`[name=${field}]`)?.value;
  if (!fresh) return answer;
  newest = fresh;
  document.querySelectorAll(`input[name=${field}]`).forEach((each) => { each.value = fresh; });
  form.set(field, fresh);
  return ask(address, { ...options, method: "POST", body: form });
};

/** What a page says of an error: signed_out, or that nothing was sent. */
export const codeOf = (error) => (error.code === "signed_out" ? error.code : "unsent");

/** Say that nobody is signed in any more, with the way in: in another tab, so that nothing that was written here is lost. */
export const tellSignedOut = (place) => {
  place.replaceChildren(byId("signed-out").content.cloneNode(true));
  place.hidden = false;
  place.scrollIntoView({ block: "nearest" });
};
