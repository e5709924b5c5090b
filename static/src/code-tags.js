// The start tags of a page in the order of its source: the n-th is the element that the studio knows by the number n.
import { ensureSyntaxTree } from "@codemirror/language";

const PATIENCE = 500; // ms for parsing a page; the longest development page takes 40

export function listTags(state) {
  const tree = ensureSyntaxTree(state, state.doc.length, PATIENCE);
  const tags = [];
  tree?.iterate({
    enter: ({ name, from, to }) => {
      if (name === "OpenTag" || name === "SelfClosingTag") tags.push({ from, to });
    },
  });
  return tags;
}
