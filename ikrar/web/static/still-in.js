// A form of a case that was left open, or for another tab, is sent once the server says that somebody is still signed in. Else the
// page stays, with all that was typed, and offers the way in beside it. A session that began meanwhile, in another tab, gives its token.
import { ask, tellSignedOut } from "./sealing/asking.js";

const says = document.getElementById("still-in");
const main = document.getElementById("main");
const token = "input[name=csrfmiddlewaretoken]";
const A_WHILE = 300_000; // milliseconds
const since = Date.now();
let wasAway = false;
let isAsking = false;
let isAnswered = false;

/** Whether it may be sent. */
const mayGo = async (form) => {
  try {
    const answer = await ask(location.href);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(token);
    const own = form.querySelector(token);
    if (fresh && own) own.value = fresh.value;
    return true;
  } catch (error) {
    if (error.code === "signed_out") tellSignedOut(says);
    else says.textContent = says.dataset.unsent;
    return false;
  }
};

document.addEventListener("visibilitychange", () => { wasAway = true; });
main.addEventListener("submit", async (event) => {
  const { target: form, submitter } = event;
  const isFresh = !wasAway && Date.now() - since < A_WHILE;
  if (isFresh || isAnswered || event.defaultPrevented || form.method !== "post") return;
  event.preventDefault();
  if (isAsking) return;
  isAsking = true;
  says.hidden = true;
  if (await mayGo(form)) {
    isAnswered = true;
    form.requestSubmit(submitter);
    isAnswered = false;
  } else {
    form.append(says);
    says.hidden = false;
    says.scrollIntoView({ block: "nearest" });
  }
  isAsking = false;
});
