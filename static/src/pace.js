// A model's speed: tokens reported by its server with each chunk, else estimated from characters and marked "about".
// The same as `Writing` in studio/runs/progress.py.
import { formatNumber, translate } from "./texts.js";

const LETTERS = 3.5; // characters per token
const MEASURED = 500; // ms of writing before the speed is meaningful

export class Pace {
  constructor() {
    this.letters = this.counted = 0;
    this.began = this.last = null; // ms; null before the first piece
  }

  take({ text, tokens = 0 }, at) {
    this.began ??= at;
    this.last = at;
    this.letters += text.length;
    this.counted += tokens;
  }

  toString() {
    if (!this.letters) return "";
    const tokens = this.counted || Math.round(this.letters / LETTERS);
    const took = this.last - this.began;
    const pace = took >= MEASURED ? `, ${Math.round((tokens * 1000) / took)}/s` : "";
    const values = { tokens: formatNumber(tokens) };
    const words = this.counted
      ? translate("{tokens} tokens", values)
      : translate("about {tokens} tokens", values);
    return `, ${words}${pace}`;
  }
}
