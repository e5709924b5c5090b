// The pages work without any of this; each import adds one behaviour to markup that is already there.
import htmx from "htmx.org";
import "./copy-button.js";
import "./mockup-drop.js";

// Our content policy allows no inline style sheet and no eval; htmx needs neither.
htmx.config.includeIndicatorStyles = false;
htmx.config.allowEval = false;
