// The pages work without any of this; each import adds one behaviour to markup that is already there.
import "./code-view.js";
import "./copy-button.js";
import "./live-preview.js";
import "./mockup-drop.js";
import "./run-live.js";
