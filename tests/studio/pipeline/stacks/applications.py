"""Applications that a page is put into."""

from __future__ import annotations

from dataclasses import replace

from studio.pipeline.stacks.application import Application
from studio.pipeline.stacks.component_library import LibrarySource
from studio.pipeline.stacks.module_style import ModuleStyle

# As shadcn/ui's components are written, with fewer classes.
BUTTON = LibrarySource(
    "@/components/ui/button",
    """import { cva } from "class-variance-authority"
const buttonVariants = cva("inline-flex gap-2 rounded-md text-sm font-medium whitespace-nowrap", {
  variants: {
    variant: {
      default: "bg-primary text-primary-foreground hover:bg-primary/90",
      outline: "border bg-background shadow-xs",
    },
    size: { default: "h-9 px-4 py-2 has-[>svg]:px-3", sm: "h-8 px-3" },
  },
})
function Button({ className, variant, ...props }) {
  return <button className={cn(buttonVariants({ variant, className }))} {...props} />
}
export { Button, buttonVariants }
""",
)
CARD = LibrarySource(
    "@/components/ui/card",
    """function Card({ className, ...props }) {
  return <div className={cn("flex flex-col gap-6 rounded-xl border bg-card py-6", className)} />
}
function CardTitle({ className, ...props }) {
  return <div className={cn("leading-none font-semibold", className)} {...props} />
}
export { Card, CardTitle }
""",
)
TYPED = ModuleStyle(typescript=True, named_exports=True)


def make_application(**changes: object) -> Application:
    """Return a React application with Tailwind 4, changed as named."""
    plain = Application(
        language="react",
        name="HarborPage",
        prefix="harbor-page",
        folder="src/components/HarborPage",
        style=TYPED,
        has_tailwind=True,
        sheets=('@import "tailwindcss";',),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]
