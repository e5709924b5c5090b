// The pages work without scripts; each import adds one behavior to existing markup.
import "./code-panel.js";
import "./code-view.js";
import "./compare-stage.js";
import "./composer-form.js";
import "./copy-button.js";
import "./frame-guard.js";
import "./live-preview.js";
import "./mockup-drop.js";
import "./offline.js";
import "./run-live.js";
import "./run-together.js";
import "./shortcuts.js";
import "./start-form.js";
import "./theme-switch.js";
import "./under-way.js";
import "./versions.js";
import "./work-space.js";
