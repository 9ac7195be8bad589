(function () {
  "use strict";
  var script = document.currentScript;
  if (!script || window.Agentdesk) return;
  var address = new URL(script.src);
  var key = address.pathname.replace(/^.*\/chat\//, "").replace(/\.js$/, "");
  var waiting = [];
  function later(name) {
    return function () { waiting.push([name, [].slice.call(arguments)]); };
  }
  window.Agentdesk = { open: later("open"), close: later("close"), identify: later("identify") };
  import(address.origin + "{{ main }}").then(function (chat) {
    return chat.start({ origin: address.origin, key: key, data: Object.assign({}, script.dataset) });
  }).then(function (api) {
    if (!api) return;
    Object.assign(window.Agentdesk, api);
    waiting.forEach(function (call) { api[call[0]].apply(null, call[1]); });
  }).catch(function (error) { console.warn("Agentdesk chat:", error.message); });
})();
