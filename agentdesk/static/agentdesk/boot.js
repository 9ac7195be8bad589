/* Runs before the first paint: what this browser remembers about theme, panes and sections, so that nothing
   jumps once the modules are there. */
(() => {
  const root = document.documentElement;
  try {
    if (!root.dataset.theme) {
      const theme = localStorage.getItem("agentdesk.theme");
      root.dataset.theme = ["light", "dark"].includes(theme) ? theme : "auto";
    }
    const panes = JSON.parse(localStorage.getItem("agentdesk.panes") || "{}");
    for (const [pane, width] of Object.entries(panes.width || {})) {
      if (width >= 160 && width <= 1200) root.style.setProperty(`--pane-${pane}`, `${width}px`);
    }
    if (panes.folded?.length) root.dataset.folded = panes.folded.join(" ");
    const sections = JSON.parse(localStorage.getItem("agentdesk.sections") || "{}");
    root.dataset.closed = Object.keys(sections).filter((name) => sections[name] === false).join(" ");
  } catch {
    /* Storage is blocked or holds rubbish: the defaults of the stylesheet stand. */
  }
})();
