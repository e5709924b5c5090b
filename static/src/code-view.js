// <code-view language="html|css|js"> around <pre><code>: shows the text in an editor; more can be appended. With `editable`
// the text can be changed, which it says by the event "edited".
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

class CodeView extends HTMLElement {
  connectedCallback() {
    if (this.editor) return;
    this.source = this.querySelector("pre");
    this.source.hidden = true;
    const box = document.createElement("div");
    box.className = "editor";
    this.append(box);
    // The editor creates styles, which our content security policy allows only in a shadow root.
    const root = box.attachShadow({ mode: "open" });
    this.was = this.source.textContent;
    const editable = this.hasAttribute("editable");
    const language = LANGUAGES[this.getAttribute("language")];
    this.editor = new EditorView({
      root,
      parent: root,
      doc: this.source.textContent,
      extensions: [
        basicSetup,
        language ? language() : [],
        look,
        syntaxHighlighting(colors),
        EditorState.readOnly.of(!editable),
        EditorView.updateListener.of(({ docChanged }) => {
          if (docChanged && editable)
            this.dispatchEvent(new CustomEvent("edited", { bubbles: true }));
        }),
        EditorView.contentAttributes.of({ "aria-label": this.getAttribute("label") ?? "Code" }),
      ],
    });
    this.editor.scrollDOM.tabIndex = 0; // keyboard users can scroll it
    requestAnimationFrame(() => this.editor?.requestMeasure()); // its styles load after the first measurement
    // Hidden when it began, or with a font that came later, it would put the numbers beside the wrong lines.
    this.watch = new ResizeObserver(() => this.editor?.requestMeasure());
    this.watch.observe(box);
    document.fonts?.ready.then(() => this.editor?.requestMeasure());
  }

  disconnectedCallback() {
    this.watch?.disconnect();
    this.editor?.destroy();
  }

  get isChanged() {
    return this.text !== this.was;
  }

  restore() {
    if (!this.isChanged) return;
    const changes = { from: 0, to: this.editor.state.doc.length, insert: this.was };
    this.editor.dispatch({ changes });
  }

  // Select the start tag of the n-th element.
  revealTag(number) {
    const tag = listTags(this.editor.state)[number];
    if (!tag) return;
    this.editor.dispatch({
      selection: { anchor: tag.from, head: tag.to },
      effects: EditorView.scrollIntoView(tag.from, { y: "center" }),
    });
    this.editor.focus();
  }

  // The number of the last element that begins before the cursor; -1 before the first.
  tagAtCursor() {
    const { head } = this.editor.state.selection.main;
    return listTags(this.editor.state).findLastIndex(({ from }) => from <= head);
  }

  get text() {
    return this.editor.state.doc.toString();
  }

  clear() {
    this.editor.dispatch({ changes: { from: 0, to: this.editor.state.doc.length } });
  }

  // Append text; keep following the end if the reader is there.
  grow(text) {
    const scroller = this.editor.scrollDOM;
    const following = scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - 40;
    this.editor.dispatch({ changes: { from: this.editor.state.doc.length, insert: text } });
    if (following) scroller.scrollTop = scroller.scrollHeight;
  }
}

customElements.define("code-view", CodeView);
