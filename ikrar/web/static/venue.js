// The venue's screen: shows each code of the page's list when its time comes, by the server's clock, and fetches those that it
// lacks. While the network is away it goes on with those it has. Without scripts the page asks for itself anew.
"use strict";
(() => {
  const data = document.getElementById("venue-codes");
  const screen = document.getElementById("venue");
  if (!data || !screen) return;
  const picture = document.getElementById("venue-qr");
  const code = document.getElementById("venue-code");
  const came = document.getElementById("venue-came");
  const away = document.getElementById("venue-away");
  let shown = JSON.parse(data.textContent);
  let since = performance.now();
  let current = "";

  const grouped = (text) => text.replace(/(.{4})(?=.)/g, "$1-");
  const tell = (words) => {
    away.textContent = words || "";
    away.hidden = !words;
  };

  const show = () => {
    const now = shown.now_s + (performance.now() - since) / 1000;
    const due = shown.codes.filter((each) => each.from_s <= now);
    const last = due[due.length - 1];
    if (!last || now >= last.from_s + shown.window_s) {
      code.textContent = "–";
      picture.hidden = true;
      tell(away.dataset.empty);
    } else if (last.code !== current) {
      current = last.code;
      code.textContent = grouped(last.code);
      picture.src = last.picture;
      picture.hidden = false;
    }
  };

  const ask = async () => {
    try {
      const have = shown.codes[shown.codes.length - 1];
      const answer = await fetch(`${screen.dataset.url}?sejak=${have ? have.from_s : 0}`, {
        headers: { Accept: "application/json" },
        signal: AbortSignal.timeout?.(10000),
      });
      if (answer.redirected || !answer.ok) return location.reload();
      const asked = performance.now();
      const next = await answer.json();
      if (!next.open) return location.reload();
      const alive = next.now_s - next.window_s;
      next.codes = shown.codes.filter((each) => each.from_s > alive).concat(next.codes);
      shown = next;
      since = asked;
      came.textContent = new Intl.NumberFormat(document.documentElement.lang).format(next.came);
      tell("");
    } catch {
      tell(away.dataset.away);
    }
    show();
  };

  show();
  setInterval(show, 1000);
  setInterval(ask, 5000);
  addEventListener("online", ask);
})();
