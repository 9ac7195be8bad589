/* Building elements and icons without markup in strings. */

const SVG = "http://www.w3.org/2000/svg";

// Lucide icons (ISC licence), 24 by 24.
const ICONS = {
  chat: "M2.992 16.342a2 2 0 0 1 .094 1.167l-1.065 3.29a1 1 0 0 0 1.236 1.168l3.413-.998a2 2 0 0 1 1.099.092 10 10 0 1 0-4.777-4.719",
  close: "M18 6 6 18M6 6l12 12",
  down: "m6 9 6 6 6-6",
  back: "m12 19-7-7 7-7M19 12H5",
  send: "M3.714 3.048a.498.498 0 0 0-.683.627l2.843 7.627a2 2 0 0 1 0 1.396l-2.842 7.627a.498.498 0 0 0 .682.627l18-8.5a.5.5 0 0 0 0-.904zM6 12h16",
  clip: "m16 6-8.414 8.586a2 2 0 0 0 2.829 2.829l8.414-8.586a4 4 0 1 0-5.657-5.657l-8.379 8.551a6 6 0 1 0 8.485 8.485l8.379-8.551",
  phone: "M13.832 16.568a1 1 0 0 0 1.213-.303l.355-.465A2 2 0 0 1 17 15h3a2 2 0 0 1 2 2v3a2 2 0 0 1-2 2A18 18 0 0 1 2 4a2 2 0 0 1 2-2h3a2 2 0 0 1 2 2v3a2 2 0 0 1-.8 1.6l-.468.351a1 1 0 0 0-.292 1.233 14 14 0 0 0 6.392 6.384",
  file: "M6 22a2 2 0 0 1-2-2V4a2 2 0 0 1 2-2h8a2.4 2.4 0 0 1 1.704.706l3.588 3.588A2.4 2.4 0 0 1 20 8v12a2 2 0 0 1-2 2zM14 2v5a1 1 0 0 0 1 1h5M10 9H8M16 13H8M16 17H8",
  again: "M21 12a9 9 0 1 1-9-9c2.52 0 4.93 1 6.74 2.74L21 8M21 3v5h-5",
};

export function h(tag, properties, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

export function path(size, d, properties) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${size} ${size}`);
  svg.setAttribute("aria-hidden", "true");
  for (const [name, value] of Object.entries(properties || {})) svg.setAttribute(name, value);
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", d);
  svg.append(line);
  return svg;
}

export function icon(name) {
  return path(24, ICONS[name], { class: "icon" });
}

/* "Sending %(name)s" with its words filled in. */
export function fill(text, words) {
  return text.replace(/%\((\w+)\)s|%%/g, (found, name) => (name ? String(words[name]) : "%"));
}

const LINK = /(https?:\/\/[^\s<>"'「」『』（）、。，]+)/g;

/* Plain text with its web addresses clickable; anything else stays text. */
export function linked(text) {
  return text.split(LINK).flatMap((part, index) => {
    if (index % 2 === 0) return part;
    const address = part.replace(/[.,;:!?)\]]+$/, "");
    const link = h(
      "a",
      { href: address, target: "_blank", rel: "noopener noreferrer nofollow" },
      address,
    );
    return [link, part.slice(address.length)];
  });
}

/* Whether a key press belongs to an input method: it must not send anything. */
export function isComposing(event) {
  return event.isComposing || event.keyCode === 229;
}

export function isNarrow() {
  return window.matchMedia("(max-width: 480px), (max-height: 420px)").matches;
}

/* English by day first and 24 hours, as on the desk. */
export function localeOf(language) {
  return language === "en" ? "en-GB" : language;
}

export function currentPage() {
  return { url: location.href.slice(0, 2000), title: document.title.slice(0, 300) };
}
