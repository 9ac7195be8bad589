/* アカウント finds あかうんと, ＡＢＣ finds abc. As agentdesk/accounts/readings.py folds. */
export function fold(text) {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[ァ-ヶ]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) - 0x60));
}
