"""Make the three applications that tests/starters exports a page into, with their own tools.

usage: python -m tests.starters.make_starters FOLDER [--shadcn CLONE]

They need the npm registry. shadcn/ui's components come from its own registry (`npx shadcn add`), or
from a clone of github.com/shadcn-ui/ui where that cannot be reached. Without either the Next.js
starter is left out, and its test is skipped.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

from studio.pipeline.stacks.project import read_template

REACT, VUE = "vite@9.3.0", "vue@3.24.0"  # of `npm create`
NEXT, SHADCN = "create-next-app@16.4.3", "shadcn@4.23.1"
VITE = json.loads(read_template("react")["package.json"])["devDependencies"]["vite"]
QUIET = {"CI": "1", "npm_config_audit": "false", "npm_config_fund": "false"}
# In the clone, and the packages that its components import.
CLONE_FOLDER = "apps/v4/registry/new-york-v4/ui"
COMPONENTS = ("button", "card", "input", "table")
PACKAGES = (
    "class-variance-authority",
    "clsx",
    "lucide-react",
    "radix-ui",
    "tailwind-merge",
)

VITE_CONFIG = """import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({ plugins: [react(), tailwindcss()] })
"""
# A page of the application that uses Tailwind's own names, which an export must not change.
REACT_NOTICE = """export function Notice() {
  return (
    <div className="m-6 rounded-lg bg-accent p-4 text-3xl font-semibold text-white">
      A notice <span className="text-sm font-mono">of the application</span>
    </div>
  )
}
"""
# Added to the starter's own configuration, so that its pages can be opened without its server.
NEXT_OPENING = "const nextConfig: NextConfig = {"
NEXT_OPTIONS = '\n  output: "export",\n  images: { unoptimized: true },'
# The starter's own layout fetches fonts from Google while it builds.
NEXT_LAYOUT = """import type { Metadata } from "next";
import "./globals.css";

export const metadata: Metadata = { title: "Starter" };

export default function RootLayout({ children }: { children: React.ReactNode }) {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  );
}
"""
NEXT_PAGE = """import { Button } from "@/components/ui/button";
import { Card, CardContent, CardHeader, CardTitle } from "@/components/ui/card";
import { Input } from "@/components/ui/input";
import { Table, TableBody, TableCell, TableRow } from "@/components/ui/table";

export default function Home() {
  return (
    <main className="grid gap-6 p-8 text-lg">
      <h1 className="text-3xl font-bold text-accent-foreground">The application</h1>
      <Card>
        <CardHeader>
          <CardTitle>Sign in</CardTitle>
        </CardHeader>
        <CardContent className="flex gap-2">
          <Input placeholder="Mail" />
          <Button>Go</Button>
          <Button variant="outline">Cancel</Button>
        </CardContent>
      </Card>
      <Table>
        <TableBody>
          <TableRow>
            <TableCell>One</TableCell>
            <TableCell>Two</TableCell>
          </TableRow>
        </TableBody>
      </Table>
    </main>
  );
}
"""
# What `shadcn init` writes, as far as the components need it.
SHADCN_CONFIG = {
    "$schema": "https://ui.shadcn.com/schema.json",
    "style": "new-york",
    "rsc": True,
    "tsx": True,
    "tailwind": {
        "config": "",
        "css": "src/app/globals.css",
        "baseColor": "neutral",
        "cssVariables": True,
        "prefix": "",
    },
    "aliases": {
        "components": "@/components",
        "utils": "@/lib/utils",
        "ui": "@/components/ui",
        "lib": "@/lib",
        "hooks": "@/hooks",
    },
    "iconLibrary": "lucide",
}
SHADCN_UTILS = """import { clsx, type ClassValue } from "clsx";
import { twMerge } from "tailwind-merge";

export function cn(...inputs: ClassValue[]) {
  return twMerge(clsx(inputs));
}
"""
COLORS = {
    "background": "oklch(1 0 0)",
    "foreground": "oklch(0.145 0 0)",
    "card": "oklch(1 0 0)",
    "card-foreground": "oklch(0.145 0 0)",
    "primary": "oklch(0.205 0 0)",
    "primary-foreground": "oklch(0.985 0 0)",
    "secondary": "oklch(0.97 0 0)",
    "secondary-foreground": "oklch(0.205 0 0)",
    "muted": "oklch(0.97 0 0)",
    "muted-foreground": "oklch(0.556 0 0)",
    "accent": "oklch(0.97 0 0)",
    "accent-foreground": "oklch(0.205 0 0)",
    "destructive": "oklch(0.577 0.245 27.325)",
    "border": "oklch(0.922 0 0)",
    "input": "oklch(0.922 0 0)",
    "ring": "oklch(0.708 0 0)",
}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--shadcn", type=Path, help="a clone of github.com/shadcn-ui/ui")
    options = parser.parse_args()
    folder: Path = options.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in (("react", make_react), ("vue", make_vue), ("next", make_next)):
        if (folder / name / "ready").is_file():
            continue
        make(folder, options.shadcn)
        (folder / name / "ready").touch()


def make_react(folder: Path, clone: Path | None) -> None:
    """Make Vite's React starter with Tailwind 4, as Tailwind's guide says."""
    flags = ("--template", "react-ts", "--no-interactive")
    run(folder, "npm", "create", "-y", REACT, "react", "--", *flags)
    app = folder / "react"
    install(app, "-D", f"vite@{VITE}", "tailwindcss", "@tailwindcss/vite")
    write(app / "vite.config.ts", VITE_CONFIG)
    sheet = app / "src/index.css"
    theme = "@theme {\n  --color-accent: #aa3bff;\n}\n"
    write(sheet, f'@import "tailwindcss";\n\n{theme}\n{sheet.read_text()}')
    write(app / "src/components/Notice.tsx", REACT_NOTICE)
    main_file = app / "src/main.tsx"
    text = main_file.read_text().replace("<App />", "<><App /><Notice /></>")
    write(main_file, "import { Notice } from './components/Notice'\n" + text)


def make_vue(folder: Path, clone: Path | None) -> None:
    """Make Vue's own starter with its example page, which has no Tailwind."""
    run(folder, "npm", "create", "-y", VUE, "vue", "--", "--ts")
    install(folder / "vue", "-D", f"vite@{VITE}")


def make_next(folder: Path, clone: Path | None) -> None:
    """Make Next.js's starter with shadcn/ui's button, input, card and table."""
    flags = "--ts --tailwind --eslint --app --src-dir --use-npm --yes --disable-git --skip-install"
    run(folder, "npx", "-y", NEXT, "next", *flags.split(), "--import-alias", "@/*")
    app = folder / "next"
    install(app)
    config = app / "next.config.ts"
    write(config, config.read_text().replace(NEXT_OPENING, NEXT_OPENING + NEXT_OPTIONS))
    write(app / "src/app/layout.tsx", NEXT_LAYOUT)
    if clone is None:
        run(app, "npx", "-y", SHADCN, "init", "--defaults", "--yes")
        run(app, "npx", "-y", SHADCN, "add", "--yes", *COMPONENTS)
    else:
        copy_components(app, clone)
    write(app / "src/app/page.tsx", NEXT_PAGE)


def copy_components(app: Path, clone: Path) -> None:
    """Put shadcn/ui's components into the application as its command does."""
    install(app, *PACKAGES)
    write(app / "components.json", json.dumps(SHADCN_CONFIG, indent=2))
    write(app / "src/lib/utils.ts", SHADCN_UTILS)
    for name in COMPONENTS:
        source = f"HEAD:{CLONE_FOLDER}/{name}.tsx"
        write(app / f"src/components/ui/{name}.tsx", run(clone, "git", "show", source))
    names = "\n".join(f"  --color-{name}: var(--{name});" for name in COLORS)
    radii = "\n".join(
        f"  --radius-{name}: {value};"
        for name, value in (
            ("sm", "calc(var(--radius) - 4px)"),
            ("md", "calc(var(--radius) - 2px)"),
            ("lg", "var(--radius)"),
            ("xl", "calc(var(--radius) + 4px)"),
        )
    )
    values = "\n".join(f"  --{name}: {value};" for name, value in COLORS.items())
    sheet = (
        '@import "tailwindcss";\n\n'
        "@custom-variant dark (&:is(.dark *));\n\n"
        f":root {{\n  --radius: 0.625rem;\n{values}\n}}\n\n@theme inline {{\n{radii}\n{names}\n}}\n\n"
        "@layer base {\n  * {\n    @apply border-border;\n  }\n"
        "  body {\n    @apply bg-background text-foreground;\n  }\n}\n"
    )
    write(app / "src/app/globals.css", sheet)


def install(app: Path, *packages: str) -> None:
    run(app, "npm", "install", "--loglevel", "error", *packages)


def run(folder: Path, *command: str) -> str:
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **QUIET},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout[-1500:]}{done.stderr[-1500:]}")
    return done.stdout


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


if __name__ == "__main__":
    main()
