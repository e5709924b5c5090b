// <code-view language="html|css|js"> around <pre><code>: the same text in a read-only editor, which can also grow.
import { css } from "@codemirror/lang-css";
import { html } from "@codemirror/lang-html";
import { javascript } from "@codemirror/lang-javascript";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { tags } from "@lezer/highlight";
import { EditorView, basicSetup } from "codemirror";

const LANGUAGES = { html, css, js: javascript };

// Colours are the page's own variables: they follow its theme.
const colours = HighlightStyle.define([
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
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "color-mix(in srgb, var(--accent) 8%, transparent)" },
  ".cm-selectionBackground": { backgroundColor: "color-mix(in srgb, var(--accent) 25%, transparent) !important" },
});

class CodeView extends HTMLElement {
  connectedCallback() {
    if (this.editor) return;
    this.source = this.querySelector("pre");
    this.source.hidden = true;
    const box = document.createElement("div");
    box.className = "editor";
    this.append(box);
    // The editor makes its own styles, which our content policy allows only inside a shadow root.
    const root = box.attachShadow({ mode: "open" });
    const language = LANGUAGES[this.getAttribute("language")];
    this.editor = new EditorView({
      root,
      parent: root,
      doc: this.source.textContent,
      extensions: [
        basicSetup,
        language ? language() : [],
        look,
        syntaxHighlighting(colours),
        EditorState.readOnly.of(true),
        EditorView.contentAttributes.of({ "aria-label": this.getAttribute("label") ?? "Code" }),
      ],
    });
    this.editor.scrollDOM.tabIndex = 0; // whoever uses no mouse scrolls it too
    requestAnimationFrame(() => this.editor.requestMeasure()); // its styles arrived after it was first measured
  }

  disconnectedCallback() {
    this.editor?.destroy();
  }

  get text() {
    return this.editor.state.doc.toString();
  }

  clear() {
    this.editor.dispatch({ changes: { from: 0, to: this.editor.state.doc.length } });
  }

  // Stays at the end while the reader is there, and where they are otherwise.
  grow(text) {
    const scroller = this.editor.scrollDOM;
    const following = scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - 40;
    this.editor.dispatch({ changes: { from: this.editor.state.doc.length, insert: text } });
    if (following) scroller.scrollTop = scroller.scrollHeight;
  }
}

customElements.define("code-view", CodeView);
