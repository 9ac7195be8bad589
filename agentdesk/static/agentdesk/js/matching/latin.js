/* Kana in Latin letters, as one types them: Hepburn and Kunrei, each with long vowels spelled out and left
   out. As agentdesk/accounts/readings.py does for members. */
const ROWS = {
  "": "あいうえお",
  k: "かきくけこ",
  s: "さしすせそ",
  t: "たちつてと",
  n: "なにぬねの",
  h: "はひふへほ",
  m: "まみむめも",
  r: "らりるれろ",
  g: "がぎぐげご",
  z: "ざじずぜぞ",
  d: "だぢづでど",
  b: "ばびぶべぼ",
  p: "ぱぴぷぺぽ",
};
const ODD = { し: "shi", ち: "chi", つ: "tsu", ふ: "fu", じ: "ji", ぢ: "ji", づ: "zu" };
const MORE = { や: "ya", ゆ: "yu", よ: "yo", わ: "wa", を: "o", ん: "n", ゔ: "vu", ー: "" };
const SMALL = { ゃ: "ya", ゅ: "yu", ょ: "yo", ぁ: "a", ぃ: "i", ぅ: "u", ぇ: "e", ぉ: "o" };
const KUNREI = [
  ["shi", "si"],
  ["sh", "sy"],
  ["chi", "ti"],
  ["ch", "ty"],
  ["tsu", "tu"],
  ["fu", "hu"],
  ["ji", "zi"],
  ["j", "zy"],
];
const LONG = [
  ["ou", "o"],
  ["oo", "o"],
  ["uu", "u"],
  ["aa", "a"],
];
const KANA = /[ぁ-ゔー]/;

const syllables = new Map(Object.entries(MORE));
for (const [consonant, row] of Object.entries(ROWS)) {
  [...row].forEach((kana, at) => syllables.set(kana, consonant + "aiueo"[at]));
}
for (const [kana, latin] of Object.entries(ODD)) syllables.set(kana, latin);

export function hasKana(text) {
  return KANA.test(text);
}

/* きゃ is kya, しゃ sha, ふぁ fa. */
function joined(latin, small) {
  if (small.length === 1) return latin.slice(0, -1) + small;
  const start = latin.slice(0, -1);
  return /(sh|ch|j)$/.test(start) ? start + small.slice(1) : start + small;
}

/* Of hiragana; what is none stays as it is. */
export function latin(text) {
  const parts = [];
  let isDoubled = false;
  for (const sign of text) {
    const small = SMALL[sign];
    const last = parts.at(-1) ?? "";
    if (small && /[a-z]i$|[fdtvw][a-z]*u$|[td]e$/.test(last)) {
      parts[parts.length - 1] = joined(last, small);
      continue;
    }
    if (sign === "っ") {
      isDoubled = true;
      continue;
    }
    const plain = syllables.get(sign) ?? small ?? sign;
    parts.push(isDoubled ? doubled(plain) : plain);
    isDoubled = false;
  }
  return parts.join("");
}

function doubled(plain) {
  return plain.startsWith("ch") ? `t${plain}` : plain.slice(0, 1) + plain;
}

function replaced(text, pairs) {
  return pairs.reduce((now, [old, other]) => now.replaceAll(old, other), text);
}

export function latinSpellings(kana) {
  const hepburn = latin(kana);
  const found = [hepburn, replaced(hepburn, KUNREI)];
  return [...new Set([...found, ...found.map((one) => replaced(one, LONG))])];
}
