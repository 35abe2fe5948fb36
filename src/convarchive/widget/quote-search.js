// <quote-search>: search an archive of quotes, show one theme, speaker or quote of it, or let quotes take turns.
// One file, no dependency, no cookie, no tracking. What the archive answers enters the page as text, never as markup.

const WORDS = {
  lang: "en-GB",
  label: "Search quotes by meaning or by exact words",
  search: "Search",
  themes: "Themes",
  speaker: "Speaker",
  everybody: "Everybody",
  waiting: "Asking the archive …",
  shown_one: "{n} quote",
  shown_other: "{n} quotes",
  and_more: "{shown} shown; there are more below",
  nothing: "Nothing in the archive speaks to this",
  slow: "The archive takes too long to answer",
  unreachable: "The archive cannot be reached just now",
  failed: "The archive could not answer",
  busy: "The archive was asked too much at once; wait a moment",
  refused: "The archive cannot act on this question",
  absent: "This is not in the archive, or not open to the public",
  gone: "This was taken down",
  misplaced: "The attribute “archive” is no web address",
  again: "Try again",
  more: "Load more",
  next: "Next quote",
  pause: "Pause",
  resume: "Go on",
  play: "Play",
  stop: "Stop",
  seconds: "{n} s",
  playing: "Playing {name}",
  part: "Playing {name}, part {n} of {all}",
  silent: "This sound cannot be played here",
  copy: "Copy",
  copied: "Copied with its source and status",
  refused_copy: "The browser refused to copy",
  open: "Open",
  correct: "Correct or withdraw",
  archive: "Open the archive",
  status: "Status",
  at: "at {time}",
  nobody: "Speaker not identified",
  fiction: "fictional sample",
  host: "host",
  guest: "guest",
  name_confirmed: "name confirmed",
  name_probable: "name probable",
  name_printed: "name as printed",
  name_unattributed: "speaker not identified",
  text_heard: "words heard by machine, not checked",
  text_checked: "words checked by ear",
  text_printed: "as printed; not checked against audio",
  cleared: "cleared for publication",
};

const LOOKS = `
:host { display: block; }
:host([hidden]), [hidden] { display: none !important; }
* { box-sizing: border-box; min-width: 0; margin: 0; padding: 0; }
.all {
  --ink: var(--qs-ink, light-dark(#1c2326, #e8ecec)); --soft: var(--qs-soft, light-dark(#59646a, #a3b0b5));
  --paper: var(--qs-paper, light-dark(#fff, #161c1f)); --wash: var(--qs-wash, light-dark(#eaf1f3, #22323a));
  --line: var(--qs-line, light-dark(#7b868b, #7d8b91)); --accent: var(--qs-accent, light-dark(#1d4e5f, #8fc7d8));
  padding: var(--qs-padding, 1rem); color: var(--ink); background: var(--paper);
  font: 1rem/1.5 var(--qs-font, system-ui, sans-serif); overflow-wrap: anywhere;
}
form, .row { display: flex; flex-wrap: wrap; align-items: end; gap: .5rem; margin-bottom: .75rem; list-style: none; }
label { flex: 1 8rem; color: var(--soft); }
.themes { flex-basis: 100%; margin: 0; }
input, select, button, .do a {
  display: inline-flex; align-items: center; gap: .25rem; min-height: 2.25rem; padding: .25rem .75rem; font: inherit; text-decoration: none;
  color: var(--ink); background: var(--paper); border: 1px solid var(--line); border-radius: var(--qs-radius, 8px);
}
input, select { width: 100%; }
button:hover, .do a:hover { text-decoration: underline; }
.main, [aria-pressed=true] { background: var(--accent); color: var(--qs-on-accent, light-dark(#fff, #10191c)); }
[aria-pressed=true]::before { content: "✓"; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
ol { list-style: none; }
figure { padding: 1rem 0 .5rem; }
li + li > figure { border-top: 2px solid var(--wash); }
blockquote { margin-bottom: .5rem; font: 1.2rem/1.5 var(--qs-serif, Georgia, serif); }
blockquote::before { content: open-quote; }
blockquote::after { content: close-quote; }
mark { background: var(--qs-mark, light-dark(#fdf0c4, #5a4a12)); color: inherit; }
.soft { color: var(--soft); }
.soft, .row { font-size: .9rem; }
.do a:last-child { padding: .25rem 0; border-color: transparent; color: var(--soft); }
.marks { margin-top: .5rem; }
.marks li { padding: 0 .5rem; background: var(--wash); outline: 1px solid transparent; }
.told { font-weight: 600; }
.sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.way, ::slotted(a) { display: inline-block; padding: .25rem 0; color: var(--accent); }
`;

/** An element with attributes (functions are listeners) and children. */
function make(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(key, value);
    else if (value != null) made.setAttribute(key, value);
  }
  made.append(...children.filter(Boolean));
  return made;
}

const button = (part, click, ...children) =>
  make("button", { type: "button", part: `button ${part}`, click }, ...children);

const quotesOf = (answer) => answer.quotes ?? answer.hits.map((hit) => hit.quote);

/** Milliseconds of a recording as a clock shows them. */
function clock(ms) {
  const [h, m, s] = [ms / 3600000, (ms / 60000) % 60, (ms / 1000) % 60].map((n) => `${Math.floor(n)}`.padStart(2, 0));
  return (h > 0 ? `${h}:${m}:${s}` : `${m}:${s}`).replace(/^0/, "");
}

/** A text cut into pieces, what was found within <mark>. Offsets count characters, as JavaScript does not. */
function marked(text, highlights) {
  const characters = [...text];
  const cut = (from, to) => characters.slice(from, to).join("");
  let at = 0;
  const pieces = highlights.flatMap(([from, to]) => {
    const before = cut(at, from);
    at = to;
    return [before, make("mark", { part: "found" }, cut(from, to))];
  });
  return [...pieces, cut(at)];
}

let sounding; // {button, stop} of the one clip that plays on this page, in whichever widget

function hush() {
  const one = sounding;
  sounding = null;
  one?.stop();
}

class QuoteSearch extends HTMLElement {
  static observedAttributes = "archive q theme speaker quote rotate limit timeout filters strings".split(" ");
  static #looks;

  #words;
  #base; // the archive's address
  #set; // which question, theme and speaker the attributes set
  #parts;
  #due = false;
  #life = new AbortController(); // of all that goes on while the attributes stay as they are
  #asked = new AbortController(); // of the question under way; the next one ends it

  connectedCallback() {
    this.attributeChangedCallback();
  }

  disconnectedCallback() {
    this.#life.abort("left");
    this.#asked.abort("left");
    if (this.#sounds()) hush();
  }

  // Attributes often change together.
  attributeChangedCallback() {
    if (this.#due) return;
    this.#due = true;
    queueMicrotask(() => {
      this.#due = false;
      this.disconnectedCallback();
      if (this.isConnected) this.#begin();
    });
  }

  async #begin() {
    const { signal } = (this.#life = new AbortController());
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    if (!QuoteSearch.#looks) (QuoteSearch.#looks = new CSSStyleSheet()).replaceSync(LOOKS);
    root.adoptedStyleSheets = [QuoteSearch.#looks];
    this.#words = { ...WORDS, ...(await this.#strings(signal)) };
    if (signal.aborted) return;
    const set = ["q", "theme", "speaker"].map((name) => [name, this.getAttribute(name)]);
    this.#set = Object.fromEntries(set.filter(([, value]) => value));
    this.#base = this.#address();
    const all = this.#frame(root);
    if (!this.#base) this.#tell("misplaced");
    else if (this.hasAttribute("quote")) this.#single();
    else if (this.hasAttribute("rotate")) this.#turns(signal);
    else this.#searching(all, signal);
  }

  async #strings(signal) {
    const address = this.getAttribute("strings");
    try {
      return address && (await (await fetch(address, { credentials: "omit", signal })).json());
    } catch {
      console.warn(`quote-search: cannot read strings from ${address}`);
    }
  }

  /** The archive's address; without the attribute, where this file came from. */
  #address() {
    try {
      const given = this.getAttribute("archive") || `${new URL("../..", import.meta.url)}`;
      const url = new URL(given.replace(/\/*$/, "/"), document.baseURI);
      return /^https?:$/.test(url.protocol) ? url : null;
    } catch {
      return null;
    }
  }

  #frame(root) {
    const w = this.#words;
    const home = this.#base && Object.assign(new URL(this.#base), { search: new URLSearchParams(this.#set) });
    const p = (this.#parts = {
      told: make("p", { role: "status", class: "told", part: "status" }),
      list: make("ol", { role: "list", part: "list" }),
      again: button("again", null, w.again),
      more: button("more", null, w.more),
      // A link that the page brought along stays, whatever becomes of the archive.
      way: this.textContent.trim() || !home
        ? make("slot", {})
        : make("a", { href: home, class: "way", part: "link", target: "_blank", rel: "noopener" }, w.archive),
      aside: make("p", { role: "status", class: "soft", part: "aside" }),
    });
    p.again.hidden = p.more.hidden = true;
    const end = make("div", { class: "row", part: "end" }, p.again, p.more, p.way);
    const all = make("div", { class: "all", part: "widget", lang: w.lang, dir: w.dir }, p.told, p.list, end, p.aside);
    root.replaceChildren(all);
    return all;
  }

  #say(key, values) {
    return (this.#words[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => values?.[name] ?? whole);
  }

  #tell(key, values) {
    this.#parts.told.textContent = this.#say(key, values);
    this.#parts.aside.textContent = "";
  }

  #show(...cards) {
    if (this.#sounds()) hush();
    this.#parts.list.replaceChildren(...cards);
  }

  #limit(usual) {
    return Math.min(100, Math.max(1, parseInt(this.getAttribute("limit"), 10) || usual));
  }

  // -- asking the archive ---------------------------------------------------------------

  /** An answer of the API. Throws the key of what went wrong, or why it was given up. */
  async #ask(asked, path, given = {}) {
    const url = new URL(`api/v1/${path}`, this.#base);
    for (const [name, value] of Object.entries(given)) if (value) url.searchParams.set(name, value);
    const late = setTimeout(() => asked.abort("slow"), 1000 * (this.getAttribute("timeout") || 15));
    let answer;
    try {
      answer = await fetch(url, { signal: asked.signal, credentials: "omit", referrerPolicy: "no-referrer" });
      if (answer.ok) return await answer.json();
    } catch {
      throw asked.signal.reason ?? (answer ? "failed" : "unreachable");
    } finally {
      clearTimeout(late);
    }
    throw { 404: "absent", 410: "gone", 422: "refused", 429: "busy" }[answer.status] ?? "failed";
  }

  #find(asked, { q, theme, speaker }, limit, cursor) {
    if (q) return this.#ask(asked, "search", { q, theme, speaker, limit, cursor });
    const path = theme ? `themes/${encodeURIComponent(theme)}` : `speakers/${encodeURIComponent(speaker)}`;
    return this.#ask(asked, `${path}/quotes`, { speaker: theme && speaker, limit, cursor });
  }

  /** Do some asking in place of what is under way; where it fails, say so and offer to do it again. */
  async #attempt(work, { keep, quiet } = {}) {
    this.#asked.abort("newer");
    const asked = (this.#asked = new AbortController());
    const { list, again, more } = this.#parts;
    const focused = again.matches(":focus");
    again.hidden = true;
    list.ariaBusy = true;
    this.#tell(quiet ? "" : "waiting");
    try {
      await work(asked);
      if (focused) list.querySelector("figure")?.focus();
    } catch (error) {
      if (asked !== this.#asked || error === "left") return;
      if (!keep) this.#show();
      more.hidden = true;
      again.hidden = /gone|absent/.test(error);
      again.onclick = () => this.#attempt(work, { keep });
      this.#tell(WORDS[error] ? error : "failed");
      if (focused) again.focus();
    }
    if (asked === this.#asked) list.ariaBusy = false;
  }

  // -- one quote, or one after the other ------------------------------------------------

  #single() {
    this.#attempt(async (asked) => {
      const quote = await this.#ask(asked, `quotes/${encodeURIComponent(this.getAttribute("quote"))}`);
      this.#show(this.#card(quote));
      this.#tell("");
    });
  }

  #turns(life) {
    const w = this.#words, { told, list, way } = this.#parts;
    const seconds = Math.max(5, this.getAttribute("rotate"));
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches || !+this.getAttribute("rotate");
    let quotes, now, paused;
    const turn = (place) => {
      now = place % quotes.length;
      this.#show(this.#card(quotes[now]));
    };
    const next = button("next", () => {
      turn(now + 1);
      told.textContent = `${quotes[now].text} ${quotes[now].speaker?.name ?? w.nobody}`;
    }, w.next);
    const pause = button("pause", () => {
      paused = !paused;
      pause.textContent = paused ? w.resume : w.pause;
    }, w.pause);
    this.#attempt(async (asked) => {
      told.classList.remove("sr");
      quotes = await this.#some(asked);
      if (!quotes.length) return this.#tell("nothing");
      this.#tell("");
      told.classList.add("sr");
      turn(Math.floor(Math.random() * quotes.length));
      if (quotes[1]) way.before(next);
      if (!quotes[1] || calm) return;
      way.before(pause);
      const timer = setInterval(() => {
        const read = this.matches(":hover") || list.contains(this.shadowRoot.activeElement);
        if (!paused && !read && !this.#sounds() && !document.hidden) turn(now + 1);
      }, 1000 * seconds);
      life.addEventListener("abort", () => clearInterval(timer));
    });
  }

  /** Quotes to take turns: of what the attributes set, else of all themes. */
  async #some(asked) {
    const limit = this.#limit(20);
    if (Object.keys(this.#set).length) return quotesOf(await this.#find(asked, this.#set, limit));
    const { themes } = await this.#ask(asked, "themes", { limit: 100 });
    const found = new Map();
    for (const { id } of themes.filter((theme) => theme.quotes)) {
      for (const quote of quotesOf(await this.#find(asked, { theme: id }, limit))) found.set(quote.id, quote);
    }
    return [...found.values()];
  }

  // -- searching ------------------------------------------------------------------------

  #searching(all, life) {
    const w = this.#words, { list, more } = this.#parts;
    const wanted = { ...this.#set };
    const input = make("input", { type: "search", part: "input", autocomplete: "off", maxlength: 9999, value: wanted.q });
    const form = make("form", { role: "search", part: "form" },
      make("label", { part: "label" }, w.label, input),
      make("button", { class: "main", part: "button search" }, w.search));
    all.prepend(form);

    const page = async (asked, cursor) => {
      const answer = await this.#find(asked, wanted, this.#limit(10), cursor);
      const hits = answer.hits ?? answer.quotes.map((quote) => ({ quote }));
      const cards = hits.map((hit) => this.#card(hit.quote, hit.highlights));
      if (!cursor) this.#show();
      list.append(...cards);
      if (cursor) cards[0]?.firstChild.focus();
      more.hidden = !answer.next;
      more.onclick = () => this.#attempt((next) => page(next, answer.next), { keep: true });
      const n = list.childElementCount;
      const shown = this.#say(new Intl.PluralRules(w.lang).select(n) === "one" ? "shown_one" : "shown_other", { n });
      this.#tell(!n ? "nothing" : answer.next ? "and_more" : shown, { shown });
    };
    const asks = () => wanted.q || wanted.theme || wanted.speaker;
    let timer;
    const begin = () => {
      clearTimeout(timer);
      wanted.q = input.value.trim();
      if (asks()) return this.#attempt(page);
      this.#show();
      more.hidden = true;
      this.#attempt(async () => {}, { quiet: true });
    };
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      begin();
    });
    input.addEventListener("input", (event) => {
      clearTimeout(timer);
      if (!event.isComposing) timer = setTimeout(begin, 400);
    });
    life.addEventListener("abort", () => clearTimeout(timer));

    const filters = this.getAttribute("filters") ?? "themes speakers";
    const offer = async () => {
      const asked = new AbortController();
      life.addEventListener("abort", () => asked.abort("left"));
      const themes = !wanted.theme && /themes/.test(filters) && (await this.#themes(asked, wanted, begin));
      const people = !wanted.speaker && /speakers/.test(filters) && (await this.#speakers(asked, wanted, begin));
      form.append(...[themes, people].filter(Boolean));
    };
    // One can search without these.
    if (asks()) {
      offer().catch(() => {});
      begin();
    } else {
      this.#attempt(offer, { quiet: true });
    }
  }

  async #themes(asked, wanted, begin) {
    const { themes } = await this.#ask(asked, "themes", { limit: 100 });
    const chips = themes.filter((theme) => theme.quotes).map(({ id, title }) => {
      const chip = button("theme", () => {
        wanted.theme = wanted.theme === id ? "" : id;
        for (const one of chips) one.ariaPressed = one === chip && wanted.theme === id;
        begin();
      }, title);
      chip.ariaPressed = false;
      return chip;
    });
    const group = { role: "group", class: "row themes", part: "themes", "aria-label": this.#words.themes };
    return chips[0] && make("div", group, ...chips);
  }

  async #speakers(asked, wanted, begin) {
    const everybody = make("option", { value: "" }, this.#words.everybody);
    const select = make("select", { part: "input", change: () => {
      wanted.speaker = select.value;
      begin();
    } }, everybody);
    let cursor;
    do {
      const page = await this.#ask(asked, "speakers", { limit: 100, cursor });
      select.append(...page.speakers.map(({ id, name }) => make("option", { value: id }, name)));
      cursor = page.next;
    } while (cursor && select.length < 1000);
    return select.length > 2 && make("label", { part: "label" }, this.#words.speaker, select);
  }

  // -- a quote --------------------------------------------------------------------------

  #card(quote, highlights = []) {
    const w = this.#words, { speaker, episode, text, text_status, excerpts } = quote;
    const name = speaker?.name ?? w.nobody;
    const credit = speaker?.credit ?? w[speaker?.role];
    const print = quote.sources.find((source) => source.kind === "document");
    const start = excerpts[0]?.start_ms;
    const facts = (episode
      ? [episode.title, this.#day(episode.published), start != null && this.#say("at", { time: clock(start) })]
      : [print?.title, print?.place]
    ).concat(quote.rights).filter(Boolean);
    const page = `${new URL(`q/${encodeURIComponent(quote.id)}`, this.#base)}`;
    const fiction = quote.fiction && w.fiction;
    const sure = w[`name_${quote.attribution.status}`];
    const words = w[`text_${text_status}`];
    // A missing name shows itself, and print says for both where they come from.
    const marks = [fiction, speaker && text_status !== "printed" && sure, words].filter(Boolean);
    const whose = () => make("span", { class: "sr" }, ` ${name}`);
    const copy = button("copy", async () => {
      const who = [name, credit, ...facts, page].filter(Boolean).join(", ");
      const status = [fiction, words, text_status !== "printed" && sure, w[quote.clearance]].filter(Boolean).join("; ");
      try {
        await navigator.clipboard.writeText(`“${text}”\n— ${who}\n[${status}]\n`);
        this.#whisper("copied");
      } catch {
        this.#whisper("refused_copy");
      }
    }, w.copy, whose());
    const link = (part, href) =>
      make("a", { href, part: `button ${part}`, target: "_blank", rel: "noopener" }, w[part], whose());
    return make("li", {}, make("figure", { part: "quote", tabindex: -1 },
      make("blockquote", { part: "words", cite: page, lang: quote.language }, ...marked(text, highlights)),
      make("figcaption", {},
        make("p", { part: "by" }, make("strong", { part: "name" }, name), credit && `, ${credit}`),
        make("p", { class: "soft", part: "where" }, facts.join(" · ")),
        make("ul", { class: "row marks", role: "list", part: "marks", "aria-label": w.status },
          ...marks.map((said) => make("li", { part: "mark" }, said)))),
      make("div", { class: "row do", part: "actions" },
        this.#player(quote, name, whose()), copy, link("open", page), link("correct", `${page}#correct`))));
  }

  #day(published) {
    try {
      const written = new Intl.DateTimeFormat(this.#words.lang, { dateStyle: "long", timeZone: "UTC" });
      return published && written.format(new Date(published.slice(0, 10)));
    } catch {
      return published;
    }
  }

  #whisper(key, values) {
    this.#parts.aside.textContent = this.#say(key, values);
  }

  // -- sound ----------------------------------------------------------------------------

  #sounds() {
    return this.shadowRoot?.contains(sounding?.button ?? null);
  }

  /** The button that plays a quote, piece after piece where something was left out of it. */
  #player({ audio_url, excerpts }, name, whose) {
    const lasts = excerpts.reduce((sum, one) => sum + one.end_ms - one.start_ms, 0);
    if (!audio_url || !lasts) return null;
    const pieces = excerpts.flatMap(({ end_ms }, n) => {
      if (!end_ms) return [];
      const url = new URL(audio_url.replace(/^\//, ""), this.#base);
      if (n) url.searchParams.set("excerpt", n);
      return url;
    });
    const verb = make("span", {}, this.#words.play);
    const length = this.#say("seconds", { n: Math.max(1, Math.round(lasts / 1000)) });
    const play = button("play", () => {
      const mine = sounding?.button === play;
      hush();
      if (!mine) this.#sound(play, verb, pieces, name);
    }, verb, make("span", { "aria-hidden": true }, length), whose);
    play.className = "main";
    return play;
  }

  #sound(play, verb, pieces, name) {
    const audio = new Audio();
    const mine = (sounding = {
      button: play,
      stop: () => {
        audio.pause();
        audio.removeAttribute("src");
        verb.textContent = this.#words.play;
      },
    });
    const fail = () => {
      if (sounding !== mine) return;
      hush();
      this.#whisper("silent");
    };
    audio.onerror = fail;
    const begin = (n) => {
      // Cookies, should the browser have any for the archive, are no business of a clip's.
      audio.crossOrigin = pieces[n].origin === this.#base.origin ? "anonymous" : null;
      audio.src = pieces[n];
      audio.play().catch(fail);
      this.#whisper(pieces[1] ? "part" : "playing", { name, n: n + 1, all: pieces.length });
      audio.onpause = () => {
        if (sounding !== mine) return;
        if (audio.ended && pieces[n + 1]) begin(n + 1);
        else hush();
      };
    };
    verb.textContent = this.#words.stop;
    begin(0);
  }
}

if (!customElements.get("quote-search")) customElements.define("quote-search", QuoteSearch);
