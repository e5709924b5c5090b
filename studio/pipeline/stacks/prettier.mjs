// Formats {files: {path: text}, options} from standard input; {path: text} on standard output. Loads no plugin and no settings
// from anywhere: the options are data that was checked before.
import * as prettier from "prettier";

let given = "";
for await (const piece of process.stdin) given += piece;
const { files, options } = JSON.parse(given);
const out = {};
for (const [path, text] of Object.entries(files)) {
  try {
    out[path] = await prettier.format(text, { ...options, filepath: path });
  } catch {
    out[path] = text; // not a language it knows, or not valid: better unformatted than lost
  }
}
process.stdout.write(JSON.stringify(out));
