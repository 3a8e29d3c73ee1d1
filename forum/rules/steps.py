"""Steps of a tutorial keep their keys, so ticks and anchors survive a rewording."""

from collections.abc import Sequence
from difflib import SequenceMatcher

from forum.rules.slugs import fold, slugify

SIMILAR = 0.6
# Titles are compared with neighbours only, and only by their beginning: a text with
# thousands of headings must not cost millions of comparisons.
_NEIGHBOURS = 15
_COMPARED = 200


def carry_keys(old: Sequence[tuple[str, str]], new_titles: Sequence[str]) -> list[str]:
    """One key for each new title, none of them twice.

    A step with the same title keeps its key wherever it moved; then the most similar
    titles in nearly the same place keep theirs; every other step gets a key that no old
    step had, so that nobody's tick lands on a step they never did.
    """
    keys: dict[int, str] = {}
    left = _first_of_each_key(old)
    by_title: dict[str, list[int]] = {}
    for index, (_, title) in left.items():
        by_title.setdefault(fold(title), []).append(index)
    for position, title in enumerate(new_titles):
        same = by_title.get(fold(title))
        if same:
            keys[position] = left.pop(same.pop(0))[0]
    for _, position, index in sorted(_similar(left, new_titles, keys)):
        if position not in keys and index in left:
            keys[position] = left.pop(index)[0]
    taken = {key for key, _ in old}
    for position, title in enumerate(new_titles):
        if position not in keys:
            keys[position] = _fresh(title, taken)
            taken.add(keys[position])
    return [keys[position] for position in range(len(new_titles))]


def _first_of_each_key(old: Sequence[tuple[str, str]]) -> dict[int, tuple[str, str]]:
    first = {key: index for index, (key, _) in reversed(list(enumerate(old)))}
    return {index: old[index] for index in sorted(first.values())}


def _similar(
    left: dict[int, tuple[str, str]], titles: Sequence[str], keys: dict[int, str]
) -> list[tuple[float, int, int]]:
    """(unlikeness, new position, old position), to be taken in that order."""
    found = []
    indexes = list(left)
    open_positions = [at for at in range(len(titles)) if at not in keys]
    matcher = SequenceMatcher(autojunk=False)
    for place, position in enumerate(open_positions):
        matcher.set_seq2(fold(titles[position])[:_COMPARED])
        for index in indexes[max(0, place - _NEIGHBOURS) : place + _NEIGHBOURS + 1]:
            matcher.set_seq1(fold(left[index][1])[:_COMPARED])
            if matcher.quick_ratio() >= SIMILAR and matcher.ratio() >= SIMILAR:
                found.append((1 - matcher.ratio(), position, index))
    return found


def _fresh(title: str, taken: set[str]) -> str:
    slug = slugify(title, "step")
    key, number = slug, 2
    while key in taken:
        key, number = f"{slug}-{number}", number + 1
    return key
