"""What is pushed is sealed as browsers open it."""

from cryptography.hazmat.primitives.asymmetric import ec

from agentdesk import web_push
from tests.push_service import CURVE, bytes_of, text_of

# Source: RFC 8291, appendix A.
PLAIN = b"When I grow up, I want to be a watermelon"
OWN = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
THEIRS = (
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkN"
    "toIAiw4"
)
SECRET, SALT = "BTBZMqHH6r4Tts7J_aSIgg", "DGv6ra1nlYgDCS1FRnbzlw"
SEALED = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vC"
    "YLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXL"
    "WyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def test_the_example_of_the_standard_is_sealed_to_the_letter():
    own = ec.derive_private_key(int.from_bytes(bytes_of(OWN), "big"), CURVE)
    sealed = web_push.seal(
        PLAIN, bytes_of(THEIRS), bytes_of(SECRET), own=own, salt=bytes_of(SALT)
    )
    assert text_of(sealed) == SEALED


def test_the_key_follows_from_the_secret_or_is_the_one_that_is_set(settings):
    settings.VAPID_PRIVATE_KEY = ""
    derived = web_push.public_key()
    assert derived == web_push.public_key()
    assert len(bytes_of(derived)) == 65
    settings.SECRET_KEY += "another"
    assert web_push.public_key() != derived
    settings.VAPID_PRIVATE_KEY = web_push.new_private_key()
    chosen = web_push.public_key()
    settings.SECRET_KEY += "a third"
    assert web_push.public_key() == chosen
