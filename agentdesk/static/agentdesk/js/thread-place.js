/* Where the open thread is read. Earlier and later messages come by themselves as one scrolls towards them;
   what one reads stays where it is. A part of it that does not reach to the newest is opened by a link, a
   quote or the menu in its head; nothing is appended to that until it has grown down to the end.
   A part of <message-thread>. */
const NEAR = "400px 0px";
const EDGES = { earlier: "#thread-top [data-earlier]", later: "#thread-bottom [data-later]" };

export class ThreadPlace {
  #near = new Set(); // the edges that are about to be seen
  #failed = new WeakSet(); // their buttons, which are left to the reader
  #fromEnd = null; // where one reads while earlier messages come in above
  #observer = null;

  constructor(thread, stick) {
    this.thread = thread;
    this.stick = stick;
  }

  begin() {
    const { thread } = this;
    const how = { root: thread, rootMargin: NEAR };
    this.#observer = new IntersectionObserver((seen) => this.#seen(seen), how);
    thread.on("scroll", () => this.#readNear());
    thread.on("htmx:beforeSwap", ({ detail }) => this.#beforeSwap(detail));
    thread.on("htmx:afterSwap", ({ detail }) => this.#afterSwap(detail));
    for (const name of ["htmx:sendError", "htmx:responseError"]) {
      thread.on(name, ({ target }) => this.#failed.add(target));
    }
    const pane = { within: thread.closest(".pane") ?? thread };
    thread.on("click", (event) => this.#chosen(event), pane);
    thread.on("submit", (event) => this.#dayChosen(event), pane);
    this.#show();
    if (/^#message-\d+$/.test(window.location.hash)) this.bring(window.location.hash.slice(1));
  }

  leave() {
    this.#observer.disconnect();
  }

  #edge(name) {
    return this.thread.querySelector(EDGES[name]);
  }

  /* There are newer messages than those it shows. */
  get isPart() {
    return this.#edge("later") !== null;
  }

  #watchEdges() {
    this.#near.clear();
    this.#observer.disconnect();
    for (const edge of Object.keys(EDGES)) {
      const button = this.#edge(edge);
      if (button) this.#observer.observe(button);
    }
  }

  #seen(entries) {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) this.#near.add(target);
      else this.#near.delete(target);
    }
    this.#readNear();
  }

  /* Who reads the end has not looked for what was before it. */
  #readNear() {
    if (this.stick.isAtEnd) return;
    for (const button of this.#near) {
      if (!button.isConnected || this.#failed.has(button)) continue;
      this.#near.delete(button);
      window.htmx.trigger(button, "click");
    }
  }

  #beforeSwap({ target, requestConfig }) {
    const isAbove = target.id === "thread" && requestConfig.elt.matches("[data-earlier]");
    this.#fromEnd = isAbove ? this.thread.scrollHeight - this.thread.scrollTop : null;
  }

  /* At once, before it is painted. */
  #afterSwap({ target, requestConfig }) {
    const { thread } = this;
    if (target === thread) this.#show();
    if (target.id !== "thread") return;
    if (this.#fromEnd !== null) thread.scrollTop = thread.scrollHeight - this.#fromEnd;
    this.#fromEnd = null;
    if (!requestConfig.elt.matches(Object.values(EDGES).map((one) => one.split(" ")[1]).join())) return;
    this.#watchEdges();
    /* Down to the end: what has come meanwhile is read as in any thread. */
    if (requestConfig.elt.matches("[data-later]") && !this.isPart) thread.read();
  }

  /* As it is opened: at its place, else at its end. */
  #show() {
    const { place } = this.thread.querySelector("#thread").dataset;
    const item = place && document.getElementById(place);
    if (item) this.#mark(item);
    else this.stick.toEnd();
    this.#watchEdges();
  }

  #mark(item) {
    const { thread } = this;
    const room = Math.max(0, thread.clientHeight - item.offsetHeight) / 3;
    const top = item.getBoundingClientRect().top - thread.getBoundingClientRect().top;
    thread.scrollTop += top - room;
    this.stick.leaveEnd();
    item.classList.add("message--found");
    const found = () => item.classList.remove("message--found");
    item.addEventListener("animationend", found, { once: true });
  }

  /* A message of the thread, wherever it stands. */
  bring(id) {
    const item = document.getElementById(id);
    if (item) this.#mark(item);
    else this.go(`message=${id.replace("message-", "")}`);
  }

  go(query) {
    const { thread } = this;
    const how = { source: thread, target: thread, swap: "innerHTML" };
    const address = query ? `${thread.dataset.around}?${query}` : thread.dataset.around;
    return window.htmx.ajax("GET", address, how).catch(() => {});
  }

  toNewest() {
    if (this.isPart) this.go("");
    else this.stick.toEnd();
  }

  #chosen(event) {
    const link = event.target.closest("[data-place-query]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const { placeQuery } = link.dataset;
    this.#goFromMenu(() => (placeQuery ? this.go(placeQuery) : this.toNewest()));
  }

  #dayChosen(event) {
    if (!event.target.matches("[data-jump-to-day]")) return;
    event.preventDefault();
    const day = new FormData(event.target).get("day");
    this.#goFromMenu(() => this.go(`day=${day}`));
  }

  #goFromMenu(act) {
    document.getElementById("jump-menu")?.hidePopover();
    this.thread.focus();
    act();
  }
}
