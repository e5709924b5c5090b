// Compiles Vue's single-file components: {path: source} on standard input, {path: module} on standard output.
// Reads no file and runs none of the code; what a component asks for in other languages than JavaScript and CSS is refused.
import { compileScript, compileStyle, compileTemplate, parse } from "@vue/compiler-sfc";

function compile(path, source, id) {
  const { descriptor, errors } = parse(source, { filename: path });
  if (errors.length) throw new Error(`${path}: ${errors[0].message}`);
  const blocks = [descriptor.template, descriptor.script, descriptor.scriptSetup, ...descriptor.styles].filter(Boolean);
  for (const block of blocks) {
    if (block.src) throw new Error(`${path}: blocks with src are not read`);
    if (block.lang && !["js", "ts", "css", "html"].includes(block.lang)) throw new Error(`${path}: lang="${block.lang}" is not known`);
  }
  const scoped = descriptor.styles.some((style) => style.scoped);
  let code = "const component = {};";
  if (descriptor.script || descriptor.scriptSetup) {
    const made = compileScript(descriptor, { id, inlineTemplate: Boolean(descriptor.scriptSetup), genDefaultAs: "component" });
    code = made.content;
  }
  if (descriptor.template && !descriptor.scriptSetup) {
    const made = compileTemplate({ source: descriptor.template.content, filename: path, id, scoped });
    if (made.errors.length) throw new Error(`${path}: ${made.errors[0].message ?? made.errors[0]}`);
    code += `\n${made.code.replace("export function render", "function render")}\ncomponent.render = render;`;
  }
  if (scoped) code += `\ncomponent.__scopeId = "data-v-${id}";`;
  for (const style of descriptor.styles) {
    const made = compileStyle({ source: style.content, filename: path, id: `data-v-${id}`, scoped: Boolean(style.scoped) });
    if (made.errors.length) throw new Error(`${path}: ${made.errors[0].message}`);
    code += `\ndocument.head.append(Object.assign(document.createElement("style"), { textContent: ${JSON.stringify(made.code)} }));`;
  }
  return `${code}\nexport default component;\n`;
}

let given = "";
for await (const piece of process.stdin) given += piece;
try {
  const entries = Object.entries(JSON.parse(given));
  const made = entries.map(([path, source], at) => [path, compile(path, source, at.toString(16).padStart(8, "0"))]);
  process.stdout.write(JSON.stringify(Object.fromEntries(made)));
} catch (error) {
  console.error(error.message.split("\n")[0]);
  process.exit(1);
}
