/* A scrolling box of the thread stays at its end while one reads the end; further up nothing moves and
   the [data-jump] button of the same pane says that something came. */
const NEAR = 48;

export class StickToEnd {
  #last = null;
  #top = 0;
  #atEnd = true;
  #observers = [];
  #frame = 0;

  /* The first observation of its size comes before anything is painted, and leads to the end. */
  constructor(box) {
    this.box = box;
    this.#isNews();
    this.#observe();
    this.#showJump(false);
  }

  leave() {
    for (const observer of this.#observers) observer.disconnect();
    window.cancelAnimationFrame(this.#frame);
  }

  get #jump() {
    return this.box.parentElement?.querySelector("[data-jump]");
  }

  #showJump(isShown, isNews = true) {
    const jump = this.#jump;
    if (!jump) return;
    jump.hidden = !isShown;
    jump.querySelector("[data-news]").hidden = !isNews;
    jump.querySelector("[data-no-news]").hidden = isNews;
  }

  get #isNear() {
    if (this.box.isPart) return false;
    const { scrollHeight, scrollTop, clientHeight } = this.box;
    return scrollHeight - scrollTop - clientHeight < NEAR;
  }

  get isAtEnd() {
    return this.#atEnd;
  }

  /* Another place is shown. */
  leaveEnd() {
    this.#atEnd = this.#isNear;
    this.#top = this.box.scrollTop;
    this.#isNews();
    this.#showJump(this.box.isPart, false);
  }

  announceNews() {
    this.#showJump(true);
  }

  toEnd() {
    this.#atEnd = true;
    this.box.scrollTop = this.box.scrollHeight;
    this.#showJump(false);
  }

  /* With the next frame: read at once, its height would be laid out for every change of a burst. */
  #follow() {
    window.cancelAnimationFrame(this.#frame);
    this.#frame = window.requestAnimationFrame(() => this.#atEnd && this.toEnd());
  }

  /* Another message at the end; the same one, read again, is none. */
  #isNews() {
    const last = this.box.querySelector(".thread")?.lastElementChild ?? null;
    const isOther = last !== this.#last && (!last?.id || last.id !== this.#last?.id);
    this.#last = last;
    return isOther;
  }

  /* Only who scrolls up has left the end: a field that grows meanwhile has not. */
  scrolled() {
    const { scrollTop } = this.box;
    if (this.#isNear || scrollTop < this.#top - 1) this.#atEnd = this.#isNear;
    this.#top = scrollTop;
    if (this.#atEnd) this.#showJump(false);
  }

  #observe() {
    const resized = new ResizeObserver(() => this.#atEnd && this.toEnd());
    resized.observe(this.box);
    const changed = new MutationObserver(() => {
      const hasNews = this.#isNews();
      if (this.#atEnd) this.#follow();
      else if (hasNews && !this.box.isPart) this.#showJump(true);
    });
    changed.observe(this.box, { childList: true, subtree: true });
    this.#observers = [resized, changed];
  }
}
