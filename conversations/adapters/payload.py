"""What the pieces of every provider's JSON have in common."""

from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator


class Payload(BaseModel):
    """What we do not read may be anything; what we read may be missing, or null."""

    model_config = ConfigDict(extra="ignore", populate_by_name=True)

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {name: one for name, one in value.items() if one is not None}


def first_fault(error: ValidationError) -> str:
    """What is wrong with a payload, and where, without a word of the customer's."""
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(one) for one in first["loc"])
    return f"{place}: {first['msg']}"[:300]
