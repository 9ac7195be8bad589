/* Runs before the first paint: what this browser remembers about theme and panes, so that nothing
   jumps once the modules are there. */
(() => {
  const root = document.documentElement;
  try {
    if (!root.dataset.theme) {
      root.dataset.theme = localStorage.getItem("agentdesk.theme") || "auto";
    }
    const panes = JSON.parse(localStorage.getItem("agentdesk.panes") || "{}");
    for (const [pane, width] of Object.entries(panes.width || {})) {
      root.style.setProperty(`--pane-${pane}`, `${Number(width)}px`);
    }
    if (panes.folded?.length) root.dataset.folded = panes.folded.join(" ");
  } catch {
    /* Storage is blocked or holds rubbish: the defaults of the stylesheet stand. */
  }
})();
