/* The frame of a mail's HTML is as high as its page, up to what the style allows. Scripts of the page
   do not run: the frame is sandboxed, and only we look into it. */
const watched = new WeakMap();

function fit(frame) {
  const page = frame.contentDocument?.documentElement;
  if (page) frame.style.height = `${page.scrollHeight}px`;
}

/* Asked for only where the page has some that were left out. */
function offerPictures(frame) {
  const left = "[data-blocked-src], [data-blocked-background]";
  const button = frame.parentElement.querySelector(".mail-frame__pictures");
  if (button) button.hidden = frame.contentDocument.querySelector(left) === null;
}

function watch(frame) {
  watched.get(frame)?.disconnect();
  const body = frame.contentDocument?.body;
  if (!body) return;
  const observer = new ResizeObserver(() => fit(frame));
  observer.observe(body);
  offerPictures(frame);
  watched.set(frame, observer);
  fit(frame);
}

/* `load` does not bubble, so it is caught on its way down. */
document.addEventListener(
  "load",
  ({ target }) => {
    if (target instanceof HTMLIFrameElement && "mailFrame" in target.dataset) watch(target);
  },
  true,
);
