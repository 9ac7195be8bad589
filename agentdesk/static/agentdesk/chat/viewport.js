/* The part of the page that is really seen: an on-screen keyboard covers the rest without telling
   the style sheet. */

/* Sets --visible-top, --visible-height and --covered (what is hidden below) on `root`. */
export function followVisibleArea(root) {
  const view = window.visualViewport;
  if (!view) return;
  const follow = () => {
    if (view.scale > 1.01) return; // zoomed in by hand: the chat stays where it is
    const covered = Math.max(0, Math.round(window.innerHeight - view.height - view.offsetTop));
    root.style.setProperty("--visible-top", `${Math.round(view.offsetTop)}px`);
    root.style.setProperty("--visible-height", `${Math.round(view.height)}px`);
    root.style.setProperty("--covered", `${covered > 80 ? covered : 0}px`);
  };
  view.addEventListener("resize", follow);
  view.addEventListener("scroll", follow);
  follow();
}
