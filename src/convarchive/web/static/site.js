"use strict";
// Two things only: play a stretch of sound from its first to its last instant, and let copied words carry
// their status. Everything else works without this file.

(() => {
  const audio = new Audio();
  const bar = document.getElementById("now");
  const what = document.getElementById("now-what");
  const gone = document.getElementById("now-gone");
  let source = "";
  let control = null;
  let start = 0;
  let end = 0;
  let timer = 0;

  // -- playing ------------------------------------------------------------------------

  function show(playing) {
    if (!control) return;
    control.classList.toggle("playing", playing);
    if (control.tagName === "BUTTON") control.querySelector(".verb").textContent = playing ? "Stop" : control.dataset.verb;
  }

  function stop() {
    clearTimeout(timer);
    audio.pause();
    show(false);
    control = null;
    bar.hidden = true;
  }

  // A timer, because "timeupdate" comes only four times a second.
  function watch() {
    clearTimeout(timer);
    if (!control) return;
    const left = end - audio.currentTime;
    gone.value = Math.min(1, Math.max(0, 1 - left / (end - start)));
    if (left <= 0) stop();
    else timer = setTimeout(watch, audio.paused ? 100 : Math.min(100, (left * 1000) / audio.playbackRate));
  }

  function failed() {
    if (!control) return;
    const said = `${control.dataset.what}: this sound cannot be played here`;
    stop();
    bar.hidden = false;
    what.textContent = said;
  }

  function play(asked) {
    const again = control === asked;
    stop();
    if (again) return;
    control = asked;
    start = Number(asked.dataset.start) / 1000;
    end = Number(asked.dataset.end) / 1000;
    if (source === asked.dataset.src && audio.readyState > 0 && !audio.error) {
      audio.currentTime = start;
    } else {
      source = asked.dataset.src;
      // The fragment makes the browser begin there by itself: nothing before it is ever heard.
      audio.src = `${source}#t=${start}`;
    }
    bar.hidden = false;
    what.textContent = `Playing ${asked.dataset.what}`;
    show(true);
    // On a busy machine a browser can let out a moment of the file's beginning before it gets to the place.
    audio.muted = true;
    arrived();
    audio.play().then(watch, (error) => {
      if (error.name !== "AbortError") failed();
    });
  }

  function arrived() {
    if (!audio.seeking && audio.readyState > 0 && audio.currentTime >= start - 0.05) audio.muted = false;
  }

  for (const event of ["loadeddata", "seeked", "playing", "timeupdate"]) audio.addEventListener(event, arrived);
  audio.addEventListener("timeupdate", watch);
  audio.addEventListener("ended", stop);
  audio.addEventListener("error", failed);
  document.getElementById("now-stop").addEventListener("click", stop);

  for (const holder of document.querySelectorAll(".player")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button play";
    Object.assign(button.dataset, holder.dataset, { verb: holder.dataset.label });
    const verb = document.createElement("span");
    verb.className = "verb";
    verb.textContent = holder.dataset.label;
    const rest = document.createElement("span");
    rest.className = "lasts";
    rest.textContent = holder.dataset.lasts;
    const who = document.createElement("span");
    who.className = "sr";
    who.textContent = `, ${holder.dataset.what}`;
    button.append(verb, " ", rest, who);
    button.addEventListener("click", () => play(button));
    holder.replaceChildren(button);
  }
  for (const link of document.querySelectorAll("a.time")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      play(link);
    });
  }

  // -- copying ------------------------------------------------------------------------

  const carried = (figure) =>
    [figure.dataset.citation && `— ${figure.dataset.citation}`, `[${figure.dataset.status}]`].filter(Boolean).join("\n");

  document.addEventListener("copy", (event) => {
    const chosen = document.getSelection();
    if (!chosen || chosen.isCollapsed) return;
    const touched = [...document.querySelectorAll("[data-status]")].filter((one) => chosen.containsNode(one, true));
    if (!touched.length) return;
    const text = chosen.toString().trim();
    event.clipboardData.setData("text/plain", `${text}\n\n${touched.map(carried).join("\n\n")}\n`);
    event.preventDefault();
  });

  function copier(label, what, text) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button copy";
    button.textContent = label;
    if (what) button.setAttribute("aria-label", `${label}: ${what}`);
    const say = (word) => {
      button.textContent = word;
      if (what) button.setAttribute("aria-label", `${word}: ${what}`);
    };
    button.addEventListener("click", () => {
      navigator.clipboard.writeText(text()).then(
        () => { say("Copied"); setTimeout(() => say(label), 2000); },
        () => say("Copying was refused"),
      );
    });
    return button;
  }

  for (const figure of document.querySelectorAll("figure[data-status]")) {
    if (!navigator.clipboard) break;
    const words = figure.querySelector("blockquote");
    const button = copier("Copy with status", "", () => `“${words.textContent.trim()}”\n${carried(figure)}\n`);
    figure.querySelector(".do").insertBefore(button, figure.querySelector(".relevance"));
  }

  for (const place of document.querySelectorAll(".copier")) {
    if (!navigator.clipboard) break;
    const form = document.getElementById(place.dataset.copies);
    place.prepend(copier("Copy", place.dataset.what, () => form.textContent));
  }
})();
