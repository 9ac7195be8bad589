/* What the bench asks of a page while an agent works on it: when something was pressed, and when what came of
   it was painted. Installed by screen.py through the debugger; the product knows nothing of it. */
(() => {
  const probe = { pressed: 0, painted: [], bubbles: [], typed: [], frames: [] };
  window.bench = probe;
  const painted = (act) =>
    requestAnimationFrame(() => {
      const began = performance.now();
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => act(performance.now(), began);
      port2.postMessage(null);
    });

  const press = ({ timeStamp }) => {
    probe.pressed = timeStamp;
  };
  document.addEventListener("mousedown", press, true);
  document.addEventListener("keydown", press, true);

  let open = document.getElementById("workspace")?.dataset.conversation;
  let messages = document.querySelectorAll("#thread > li").length;
  new MutationObserver(() => {
    const now = document.getElementById("workspace")?.dataset.conversation;
    const count = document.querySelectorAll("#thread > li").length;
    const began = probe.pressed;
    if (now && now !== open) painted((at) => probe.painted.push(at - began));
    else if (count > messages) painted((at) => probe.bubbles.push(at - began));
    open = now ?? open;
    messages = count;
  }).observe(document.querySelector(".desk"), { childList: true, subtree: true });

  /* Of a keystroke: from the key until the frame that shows it is painted, and without the wait for the
     screen's next frame, which nobody can shorten. */
  document.addEventListener("keydown", ({ timeStamp, target }) => {
    if (!target.matches("textarea, [contenteditable]")) return;
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      const handled = performance.now();
      painted((at, began) => {
        probe.frames.push(at - timeStamp);
        probe.typed.push(handled - timeStamp + (at - began));
      });
    };
    port2.postMessage(null);
  });
})();
