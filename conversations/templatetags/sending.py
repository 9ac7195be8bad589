"""Places in a text as a browser counts them."""

from django import template

register = template.Library()


@register.filter
def browser_place(text: str, place: int) -> int:
    """JavaScript counts in UTF-16: 𠮷 and emoji are two of its letters."""
    return len(text[:place].encode("utf-16-le", "surrogatepass")) // 2
