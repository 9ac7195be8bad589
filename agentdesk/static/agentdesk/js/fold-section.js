/* <fold-section name="purchases"> around a <details>: how one left it is how it stands for the next customer,
   in this browser. Without a name (nothing is in it, or something in it has to be decided) it stands as the
   server says. boot.js and customer.css close it before the first paint. */
import { LiveElement } from "./live-element.js";
import { readStored, writeStored } from "./storage.js";

const KEY = "agentdesk.sections";

function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const read = () => readStored("localStorage", KEY, {}, isObject);

class FoldSection extends LiveElement {
  begin() {
    const name = this.getAttribute("name");
    const details = this.querySelector("details");
    if (!name || !details) return;
    const isOpen = read()[name];
    if (typeof isOpen === "boolean") details.open = isOpen;
    this.on("click", ({ target }) => {
      if (target.closest("summary")?.parentElement !== details) return;
      writeStored("localStorage", KEY, { ...read(), [name]: !details.open });
    });
  }
}

customElements.define("fold-section", FoldSection);
