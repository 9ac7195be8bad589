/* The HTML of a mail between the editor, the draft and the mail: pictures stand at their addresses where
   they are shown, and are called by their content ids where they are kept and sent. */
const TAGS = [
  ...["a", "b", "blockquote", "br", "div", "em", "i", "img", "li", "ol", "p", "s", "span", "strong"],
  ...["sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "u", "ul"],
];
const ALLOWED = { ALLOWED_TAGS: TAGS, ALLOWED_ATTR: ["href", "src", "alt"] };
const FILE = /\/files\/([\w-]+)\/$/;
const CALLED = /^cid:([\w-]+)@agentdesk$/;

const parsed = (html) => new DOMParser().parseFromString(html, "text/html").body;

export function asHtml(words) {
  const box = document.createElement("div");
  for (const line of words.split("\n")) {
    const row = document.createElement("div");
    if (line) row.textContent = line;
    else row.append(document.createElement("br"));
    box.append(row);
  }
  return box.innerHTML;
}

/* As it is sent. */
export function called(html) {
  const page = parsed(html);
  for (const picture of page.querySelectorAll("img")) {
    const key = FILE.exec(picture.getAttribute("src") ?? "")?.[1];
    if (key) picture.setAttribute("src", `cid:${key}@agentdesk`);
  }
  return page.innerHTML;
}

/* As it is shown. */
export function shown(html) {
  const page = parsed(html);
  for (const picture of page.querySelectorAll("img")) {
    const key = CALLED.exec(picture.getAttribute("src") ?? "")?.[1];
    if (key) picture.setAttribute("src", `/files/${key}/`);
  }
  return page.innerHTML;
}

/* The keys of the pictures in what is sent. */
export function picturesOf(html) {
  return [...parsed(html).querySelectorAll("img")]
    .map((picture) => CALLED.exec(picture.getAttribute("src") ?? "")?.[1])
    .filter(Boolean);
}

/* Only pictures that were sent up go with the mail: of others nothing but a gap would arrive. */
export function cleaner(DOMPurify) {
  return (html) => {
    const clean = DOMPurify.sanitize(html, { ...ALLOWED, RETURN_DOM_FRAGMENT: true });
    for (const picture of clean.querySelectorAll("img")) {
      if (!FILE.test(picture.getAttribute("src") ?? "")) picture.remove();
    }
    return document.importNode(clean, true);
  };
}
