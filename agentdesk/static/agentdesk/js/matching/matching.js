/* What is found while somebody types, in kanji, kana or Latin letters: 返品, へんぴん, ﾍﾝﾋﾟﾝ, henpin, and what an
   IME has not yet converted (へんp). Readings of the desk's own words and of common ones are in readings.js;
   those of names come with them. */
import { fold } from "../fold.js";
import { hasKana, latin, latinSpellings } from "./latin.js";
import { readingOf } from "./readings.js";

const whole = (text) => fold(text).replace(/[\s・、。「」（）()]/g, "");

function ofOne(text) {
  const plain = whole(text);
  const kana = readingOf(plain);
  return [plain, kana, ...(hasKana(kana) ? latinSpellings(kana) : [])];
}

/* Every spelling of a label, and of the words that are given beside it. */
export function spellings(label, words = "") {
  const texts = [label, ...words.split(" ")].filter(Boolean);
  return [...new Set(texts.flatMap(ofOne))].filter(Boolean);
}

/* A function that says how well some spellings fit: 2 one begins so, 1 it is within, 0 not at all. */
export function matcher(query) {
  const wanted = fold(query).split(/\s+/).filter(Boolean);
  const ways = wanted.map((word) => (hasKana(word) ? [word, latin(word)] : [word]));
  return (all) => {
    let rank = 2;
    for (const words of ways) {
      if (all.some((one) => words.some((word) => one.startsWith(word)))) continue;
      if (!all.some((one) => words.some((word) => one.includes(word)))) return 0;
      rank = 1;
    }
    return rank;
  };
}

/* The items that fit, what begins so first; otherwise in their order. */
export function fitting(items, query, spellingsOf) {
  const fits = matcher(query);
  const ranked = items.map((item) => ({ item, rank: fits(spellingsOf(item)) }));
  return [2, 1].flatMap((rank) => ranked.filter((one) => one.rank === rank).map(({ item }) => item));
}
