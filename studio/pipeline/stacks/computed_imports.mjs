// Finds imports whose name is computed: `import("./" + name)`. esbuild answers those by listing folders of this machine,
// and asks no plugin first.
import { parse } from "@babel/parser";

const CODE = { js: ["jsx"], mjs: [], jsx: ["jsx"], ts: ["typescript"], tsx: ["typescript", "jsx"], vue: ["typescript"] };
const MAY_IMPORT = /\brequire\b|\bimport\s*[(/.]|\\u/; // what is cheap to see; "\u" may spell "require"
const PLUGINS = ["decorators", "explicitResourceManagement", "sourcePhaseImports", "deferredImportEvaluation"];

// Return the path of the first file that computes an import, null where none does. Throws where a file cannot be parsed.
export function findComputedImport(files) {
  for (const [path, text] of Object.entries(files)) {
    const plugins = CODE[path.slice(path.lastIndexOf(".") + 1)] ?? CODE.mjs;
    if (MAY_IMPORT.test(text) && computesImport(path, text, plugins)) return path;
  }
  return null;
}

function computesImport(path, text, plugins) {
  const waiting = [parseCode(path, text, plugins)];
  while (waiting.length) {
    const node = waiting.pop();
    if (imports(node) && !isPlainText(node.arguments ? node.arguments[0] : node.source)) return true;
    for (const value of Object.values(node)) {
      for (const one of Array.isArray(value) ? value : [value]) if (typeof one?.type === "string") waiting.push(one);
    }
  }
  return false;
}

function parseCode(path, text, plugins) {
  try {
    return parse(text, { sourceType: "module", errorRecovery: true, plugins: [...plugins, ...PLUGINS] }).program;
  } catch {
    throw new Error(path);
  }
}

function imports(node) {
  if (node.type === "ImportExpression") return true;
  if (node.type !== "CallExpression" && node.type !== "OptionalCallExpression") return false;
  let called = withoutTypes(node.callee);
  if (called.type === "Import") return true;
  if (called.type === "MemberExpression" || called.type === "OptionalMemberExpression") called = withoutTypes(called.object);
  return called.type === "Identifier" && called.name === "require";
}

// `(require as any)`, `require!`: types are gone when esbuild looks.
function withoutTypes(node) {
  while (node.type.startsWith("TS") && node.expression) node = node.expression;
  return node;
}

function isPlainText(node) {
  return node?.type === "StringLiteral" || (node?.type === "TemplateLiteral" && node.expressions.length === 0);
}
