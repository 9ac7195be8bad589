/* Text messages are paid for by the segment: how many the reply takes, as it is typed. Source:
   3GPP TS 23.038. */

const BASIC = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
);
const EXTENDED = new Set("\f^{}\\[~]|€"); // an escape goes before each

export function countSegments(text) {
  const letters = [...text]; // whole characters: no surrogate pair is cut
  const isGsm = letters.every((one) => BASIC.has(one) || EXTENDED.has(one));
  const widths = letters.map((one) => {
    if (isGsm) return EXTENDED.has(one) ? 2 : 1;
    return one.codePointAt(0) > 0xffff ? 2 : 1;
  });
  const [alone, joined] = isGsm ? [160, 153] : [70, 67];
  const total = widths.reduce((sum, width) => sum + width, 0);
  if (total <= alone) return { count: 1, left: alone - total, isGsm };
  let count = 1;
  let left = joined;
  for (const width of widths) {
    if (width > left) {
      count += 1;
      left = joined;
    }
    left -= width;
  }
  return { count, left, isGsm };
}

export function segments(composer) {
  const { form } = composer;
  const line = form.querySelector("#composer-segments");
  const text = composer.field("reply");

  function show() {
    const counts = form.hasAttribute("data-counts-segments") && form.dataset.kind === "reply";
    line.hidden = !(counts && text?.value);
    if (line.hidden) return;
    const body = text.value.replace(/^\n+|\n+$/g, "");
    const { count, left } = countSegments(body);
    const over = body.length - Number(form.dataset.textLimit || Infinity);
    const words = over > 0 ? line.dataset.over.replace("{n}", over) : line.dataset.text;
    line.textContent = words.replace("{count}", count).replace("{left}", left);
    line.toggleAttribute("data-several", count > 1);
  }

  /* After those who hear the same and change the channel or the kind. */
  const later = () => window.requestAnimationFrame(show);

  if (!line) return;
  for (const name of ["input", "change", "via-changed", "htmx:afterSettle"]) composer.on(name, later);
  later();
}
