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
  }).catch(function (error) {
    /* A browser hides why another site refused it: a status only where there was an answer to read. */
    console.warn("Agentdesk chat: " + (error.status ? error.message :
      "the chat could not be reached, or this site is not allowed to carry it. If it is to appear on " +
      location.origin + ", an administrator adds that address in Agentdesk under Settings > Web chats " +
      "(" + address.origin + "/settings/), in the field \"Sites that may carry the chat\" (設置できるサイト)."));
  });
})();
