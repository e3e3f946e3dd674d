"""Finding a recipe: a path, or the code of one in a rulebook that is shipped."""

from __future__ import annotations

from pathlib import Path

from huxue.core.recipes.load import load_recipe
from huxue.core.recipes.model import Recipe
from huxue.core.values import Refused
from huxue.rulebooks import SHIPPED

LARGEST = 1_000_000  # bytes


def shipped_recipes() -> dict[str, Path]:
    """Return the recipes of the shipped rulebooks by name."""
    return {path.stem: path for path in sorted(SHIPPED.glob("**/recipes/*.yaml"))}


def find_recipe(name: str) -> Recipe:
    """Return a recipe by its path or name. Refuses ``no_recipe`` and ``bad_recipe`` with every problem."""
    path = Path(name)
    if not path.is_file():
        known = shipped_recipes()
        if name not in known:
            raise Refused(
                "no_recipe",
                f"没有配方“{name}”，也不是文件。现有：{'、'.join(known)}。",
                f"There is no recipe or file {name!r}. There are: {', '.join(known)}.",
            )
        path = known[name]
    if path.stat().st_size > LARGEST:
        raise Refused(
            "bad_recipe", f"配方“{name}”超过 {LARGEST} 字节。", f"The recipe {name!r} is larger than {LARGEST} bytes."
        )
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("bad_recipe", f"配方“{name}”不是 UTF-8 编码。", f"The recipe {name!r} is not UTF-8.") from None
    recipe, problems = load_recipe(path.name, text)
    if recipe is None:
        raise Refused("bad_recipe", "\n".join(p.say("zh") for p in problems), "\n".join(p.say("en") for p in problems))
    return recipe
