(function () {
  "use strict";
  var script = document.currentScript;
  if (!script || window.Agentdesk) return;
  if (![].at || !window.ResizeObserver || !window.createImageBitmap) return; /* too old */
  var address = new URL(script.src);
  var key = address.pathname.replace(/^.*\/chat\//, "").replace(/\.js$/, "");
  var waiting = [];
  function later(name) {
    return function () { waiting.push([name, [].slice.call(arguments)]); };
  }
  function warn(error) {
    /* A browser hides why another site refused it: a status only where there was an answer to read. */
    console.warn("Agentdesk chat: " + (error.status || error instanceof SyntaxError ? error.message :
      "the chat could not be reached, or this site is not allowed to carry it. If it is to appear on " +
      location.origin + ", an administrator adds that address in Agentdesk under Settings > Web chats " +
      "(" + address.origin + "/settings/), in the field \"Sites that may carry the chat\" (設置できるサイト)."));
  }
  /* Tried again where it could not be fetched: every other time by the name that outlives an upgrade. What a browser is too old to read stays unread. */
  function load(tries) {
    return import(address.origin + (tries % 2 ? "{{ plain }}" : "{{ script }}")).catch(function (error) {
      if (!(error instanceof TypeError)) throw error;
      if (!tries) warn(error);
      return new Promise(function (resume) {
        setTimeout(resume, Math.min(60000, 1500 * Math.pow(2, tries)));
      }).then(function () { return load(tries + 1); });
    });
  }
  window.Agentdesk = { open: later("open"), close: later("close"), identify: later("identify") };
  load(0).then(function (chat) {
    var data = Object.assign({}, script.dataset);
    return chat.start({ origin: address.origin, key: key, data: data, onWait: warn });
  }).then(function (api) {
    Object.assign(window.Agentdesk, api);
    waiting.forEach(function (call) { api[call[0]].apply(null, call[1]); });
  }).catch(warn);
})();
