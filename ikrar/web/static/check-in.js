// A check-in that could not be sent because the network was away stays in this phone, for a few minutes and for the
// account that made it, and is sent again when the network is back. The server takes it once, however often it comes.
"use strict";
(() => {
  const KEY = "ikrar-check-in";
  const who = document.getElementById("kept-check-in")?.dataset.who;
  const form = document.getElementById("check-in");
  const token = document.querySelector("[name=csrfmiddlewaretoken]");
  if (!who || !token || !canKeep()) return;
  let sending = false;

  // Where a phone keeps nothing (private windows, old browsers) the form stays the plain one that it is.
  function canKeep() {
    try {
      localStorage.setItem(`${KEY}-probe`, "");
      localStorage.removeItem(`${KEY}-probe`);
      return true;
    } catch {
      return false;
    }
  }

  // The box moves with the content: the page that a refusal brings has its own.
  const tell = (name) => {
    const box = document.getElementById("kept-check-in");
    if (!box) return;
    box.textContent = box.dataset[name];
    box.hidden = false;
  };
  const kept = () => {
    try {
      const found = JSON.parse(localStorage.getItem(KEY));
      return found && found.who === who ? found : null;
    } catch {
      return null;
    }
  };
  const forget = () => localStorage.removeItem(KEY);

  const isDone = (answer, done) => answer.ok && answer.redirected && new URL(answer.url).pathname === done;
  // The activity's page, or a refusal in words (422), or no such activity: what else comes (signing in again, a page of the
  // network itself, a server that has too much to do) has settled nothing.
  const settles = (answer, done) => isDone(answer, done) || answer.status === 422 || answer.status === 404;

  // Puts the page that the server answered with in place of this one's content: that of the activity, or the refusal.
  const arrive = async (answer) => {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!page.getElementById("main")) throw new Error("later");
    forget();
    if (answer.redirected) history.replaceState(null, "", answer.url);
    document.getElementById("main").replaceWith(page.getElementById("main"));
    document.title = page.title;
    document.querySelector("main :is([role=alert], [role=status]:not([hidden]))")?.scrollIntoView({ block: "center" });
    if (document.getElementById("check-in")) wire(document.getElementById("check-in"));
  };

  const send = async (waiting, again) => {
    if (sending) return;
    sending = true;
    try {
      const said = { code: waiting.code, opened: waiting.opened ?? "", kept: again ? "1" : "" };
      const body = new URLSearchParams({ csrfmiddlewaretoken: token.value, ...said });
      const answer = await fetch(waiting.url, { method: "POST", body, signal: AbortSignal.timeout?.(20000) });
      if (settles(answer, waiting.done)) return await arrive(answer);
      if (!(answer.ok && answer.redirected)) throw new Error("later");
      // Whoever has to sign in again does so first; what he brought waits for him.
      localStorage.setItem(KEY, JSON.stringify(waiting));
      location.assign(answer.url);
    } catch {
      localStorage.setItem(KEY, JSON.stringify(waiting));
      tell("waits");
    } finally {
      sending = false;
    }
  };

  const wire = (element) =>
    element.addEventListener("submit", (event) => {
      event.preventDefault();
      const url = element.getAttribute("action");
      const until = Date.now() + 1000 * Number(element.dataset.keepsS);
      const { code, opened } = element.elements;
      send({ url, code: code.value, opened: opened.value, until, who, done: element.dataset.done }, false);
    });

  const tryAgain = () => {
    const waiting = kept();
    if (!waiting) return;
    if (Date.now() > waiting.until) {
      forget();
      tell("gone");
      return;
    }
    tell("waits");
    if (navigator.onLine) send(waiting, true);
  };

  if (form) wire(form);
  tryAgain();
  addEventListener("online", tryAgain);
  setInterval(tryAgain, 5000);
})();
