// What `tsc` cannot know about our scripts: which element a selector finds, and what the frames and fields of a page hold.
// Everything else (arguments, names, modules, promises) is checked.

interface ParentNode {
  // biome-ignore lint/suspicious/noExplicitAny: the markup decides which element it is
  querySelector(selectors: string): any;
  // biome-ignore lint/suspicious/noExplicitAny: the markup decides which elements they are
  querySelectorAll(selectors: string): NodeListOf<any>;
}

interface Element {
  // biome-ignore lint/suspicious/noExplicitAny: the markup decides which element it is
  closest(selectors: string): any;
}

interface Document {
  // biome-ignore lint/suspicious/noExplicitAny: the markup decides which element it is
  getElementById(id: string): any;
  addEventListener(
    type: string,
    // biome-ignore lint/suspicious/noExplicitAny: the name of an event decides what it carries
    listener: (event: any) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

interface HTMLElement {
  addEventListener(
    type: string,
    // biome-ignore lint/suspicious/noExplicitAny: the name of an event decides what it carries
    listener: (event: any) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

interface EventTarget {
  addEventListener(
    type: string,
    // biome-ignore lint/suspicious/noExplicitAny: the name of an event decides what it carries
    listener: (event: any) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

interface Window {
  layoutShifts: { at: number; value: number; parts: string[] }[];
}

// An entry of type "layout-shift", which only Chromium has.
interface PerformanceEntry {
  readonly value: number;
  readonly hadRecentInput: boolean;
  readonly sources: { node: Node | null }[];
}
