// Bundles a page's modules with esbuild: {files, entry, modules, frameworks, defines} on standard input, {code} or
// {error} on standard output. Runs none of the code. The bundle's files exist only in memory, and every import is
// answered here, so that esbuild itself never looks for a file: only files of the bundle and of named frameworks are read.
import { createRequire } from "node:module";
import { readFileSync, realpathSync } from "node:fs";
import path from "node:path";
import { findComputedImport } from "./computed_imports.mjs";

const LOADERS = { js: "jsx", mjs: "js", jsx: "jsx", ts: "ts", tsx: "tsx", vue: "ts", json: "json", css: "empty", svg: "dataurl" };
const ENDINGS = ["", ".tsx", ".ts", ".jsx", ".js", ".mjs", ".vue", ".json", "/index.tsx", "/index.ts", "/index.jsx", "/index.js"];
const BUNDLE = "bundle";
const MOST_NAME = 80; // characters of an import that a message repeats

let given = "";
for await (const piece of process.stdin) given += piece;
const { files, entry, modules, frameworks, entries, defines } = JSON.parse(given);
const esbuild = createRequire(path.join(modules, "esbuild/package.json"))("esbuild");
const roots = frameworks.map((name) => path.join(modules, name)).flatMap((folder) => {
  try { return [realpathSync(folder)]; } catch { return []; }
});

function refuse(words) {
  return { errors: [{ text: words, detail: "ours" }] };
}

function inBundle(name) {
  return ENDINGS.map((ending) => name + ending).find((one) => Object.hasOwn(files, one));
}

function isFramework(file) {
  const real = realpathSync(file);
  return roots.some((root) => real.startsWith(root + path.sep));
}

const sandbox = {
  name: "sandbox",
  setup(build) {
    build.onResolve({ filter: /(?:)/ }, async (args) => {
      const shown = JSON.stringify(args.path.slice(0, MOST_NAME));
      if (args.pluginData === "ours") return undefined; // our own question below: esbuild may look among the frameworks
      if (Object.keys(args.with ?? {}).length) return refuse(`The import of ${shown} has attributes, which are not allowed.`);
      if (args.kind === "entry-point") return { path: entry, namespace: BUNDLE };
      if (args.namespace === BUNDLE) {
        if (/^\.{0,2}\//.test(args.path)) {
          const base = args.path.startsWith("/") ? "" : path.posix.dirname(args.importer);
          const wanted = path.posix.normalize(path.posix.join(base, args.path)).replace(/^\/+/, "");
          const found = wanted.startsWith("..") ? undefined : inBundle(wanted);
          return found ? { path: found, namespace: BUNDLE } : refuse(`The code imports ${shown}, which is not part of the project.`);
        }
        if (!Object.hasOwn(entries, args.path)) return refuse(`The code imports ${shown}; only files of the project and ${Object.keys(entries).join(", ")} can be imported.`);
      }
      const name = args.namespace === BUNDLE ? entries[args.path] : args.path;
      const found = await build.resolve(name, { kind: args.kind, resolveDir: args.namespace === BUNDLE ? path.dirname(modules) : args.resolveDir, pluginData: "ours" });
      if (found.errors.length) return refuse("A framework's file is missing: run `make setup`.");
      if (found.namespace === "file" && isFramework(found.path)) return { path: found.path, sideEffects: found.sideEffects };
      return refuse("A framework imports what is not its own.");
    });
    build.onLoad({ filter: /(?:)/, namespace: BUNDLE }, (args) => ({
      contents: files[args.path],
      loader: LOADERS[args.path.slice(args.path.lastIndexOf(".") + 1)] ?? "js",
    }));
    build.onLoad({ filter: /(?:)/, namespace: "file" }, (args) =>
      isFramework(args.path) ? { contents: readFileSync(args.path, "utf8"), loader: args.path.endsWith(".json") ? "json" : "js", resolveDir: path.dirname(args.path) }
        : refuse("A framework imports what is not its own."));
  },
};

// A message about any other place could quote what lies there.
function words(error) {
  if (error.detail === "ours") return error.text;
  const at = error.location;
  if (!at || (at.namespace !== BUNDLE && at.namespace !== "") || !Object.hasOwn(files, at.file.replace(`${BUNDLE}:`, ""))) return "esbuild gave no reason that concerns the project";
  return `${at.file.replace(`${BUNDLE}:`, "")}:${at.line}: ${error.text}`;
}

// Before esbuild bundles: a computed import makes it list folders of this machine.
async function refuseComputedImports() {
  let found;
  try {
    found = findComputedImport(files);
  } catch (error) {
    const unread = error.message;
    await esbuild.transform(files[unread], { loader: LOADERS[unread.slice(unread.lastIndexOf(".") + 1)] ?? "js", sourcefile: unread, logLevel: "silent" });
    throw { errors: [refuse(`${JSON.stringify(unread.slice(0, MOST_NAME))} cannot be read.`).errors[0]] };
  }
  if (found !== null) throw { errors: [refuse(`The code imports what it computes, in ${JSON.stringify(found.slice(0, MOST_NAME))}; name the file.`).errors[0]] };
}

try {
  await refuseComputedImports();
  const made = await esbuild.build({
    entryPoints: [entry], plugins: [sandbox], bundle: true, minify: true, write: false, format: "iife", target: "es2022",
    platform: "browser", jsx: "automatic", tsconfigRaw: "{}", logLevel: "silent", define: defines, outfile: "out.js", absWorkingDir: modules, sourcemap: false,
  });
  process.stdout.write(JSON.stringify({ code: made.outputFiles[0].text }));
} catch (error) {
  process.stdout.write(JSON.stringify({ error: error.errors?.length ? words(error.errors[0]) : "esbuild gave up" }));
}
process.exit(0);
