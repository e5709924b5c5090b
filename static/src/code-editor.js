// The editor of <code-view>, a file of its own: it is most of the script, and only who opens the code needs it.
import { css } from "@codemirror/lang-css";
import { html } from "@codemirror/lang-html";
import { javascript } from "@codemirror/lang-javascript";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { tags } from "@lezer/highlight";
import { basicSetup, EditorView } from "codemirror";
import { listTags } from "./code-tags.js";

const LANGUAGES = { html, css, js: javascript, jsx: () => javascript({ jsx: true }), vue: html };

// Colors are CSS variables of the page, so they follow its theme.
const colors = HighlightStyle.define([
  { tag: [tags.tagName, tags.keyword, tags.angleBracket], color: "var(--code-tag)" },
  { tag: [tags.attributeName, tags.propertyName], color: "var(--code-name)" },
  { tag: [tags.string, tags.attributeValue], color: "var(--code-string)" },
  { tag: [tags.number, tags.unit, tags.color, tags.atom], color: "var(--code-number)" },
  { tag: tags.comment, color: "var(--muted)" },
]);
const look = EditorView.theme({
  "&": { height: "100%", fontSize: "13px", backgroundColor: "var(--sunken)", color: "var(--ink)" },
  "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "-2px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.6" },
  ".cm-gutters": { backgroundColor: "var(--sunken)", color: "var(--muted)", border: "none" },
  ".cm-activeLine, .cm-activeLineGutter": {
    backgroundColor: "color-mix(in srgb, var(--accent) 8%, transparent)",
  },
  ".cm-selectionBackground": {
    backgroundColor: "color-mix(in srgb, var(--accent) 25%, transparent) !important",
  },
});

export class CodeEditor {
  // `root`: a shadow root, because the editor creates styles, which our content security policy allows only there.
  // `changed`: called after each change; without it the text is read only.
  constructor(root, text, { language, label, changed }) {
    const parser = LANGUAGES[language];
    this.view = new EditorView({
      root,
      parent: root,
      doc: text,
      extensions: [
        basicSetup,
        parser ? parser() : [],
        look,
        syntaxHighlighting(colors),
        EditorState.readOnly.of(!changed),
        EditorView.updateListener.of(({ docChanged }) => docChanged && changed?.()),
        EditorView.contentAttributes.of({ "aria-label": label }),
      ],
    });
    this.view.scrollDOM.tabIndex = 0; // keyboard users can scroll it
    requestAnimationFrame(() => this.measure()); // its styles load after the first measurement
    // With a font that came later, it would put the numbers beside the wrong lines.
    document.fonts?.ready.then(() => this.measure());
  }

  get text() {
    return this.view.state.doc.toString();
  }

  measure() {
    this.view.requestMeasure();
  }

  replace(text) {
    this.view.dispatch({ changes: { from: 0, to: this.view.state.doc.length, insert: text } });
  }

  // Append text; keep following the end if the reader is there.
  grow(text) {
    const scroller = this.view.scrollDOM;
    const following = scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - 40;
    this.view.dispatch({ changes: { from: this.view.state.doc.length, insert: text } });
    if (following) scroller.scrollTop = scroller.scrollHeight;
  }

  // Select the start tag of the n-th element.
  revealTag(number) {
    const tag = listTags(this.view.state)[number];
    if (!tag) return;
    this.view.dispatch({
      selection: { anchor: tag.from, head: tag.to },
      effects: EditorView.scrollIntoView(tag.from, { y: "center" }),
    });
    this.view.focus();
  }

  // The number of the last element that begins before the cursor; -1 before the first.
  tagAtCursor() {
    const { head } = this.view.state.selection.main;
    return listTags(this.view.state).findLastIndex(({ from }) => from <= head);
  }

  destroy() {
    this.view.destroy();
  }
}
