"""The people who sign in to the demo. Their password is known: demo only."""

from typing import NamedTuple

from agentdesk.accounts.roles import Role

PASSWORD = "agentdesk-demo"  # noqa: S105  # the demo listens on loopback only


class Place(NamedTuple):
    account: str
    role: Role
    extension: str


class Person(NamedTuple):
    email: str
    family_name: str
    given_name: str
    family_kana: str
    given_kana: str
    places: tuple[Place, ...]


class SignIn(NamedTuple):
    role: str
    email: str
    password: str


CAST = (
    Person(
        "misaki.sato@example.com",
        "佐藤",
        "美咲",
        "サトウ",
        "ミサキ",
        (Place("kogane", Role.AGENT, "201"), Place("hinata", Role.AGENT, "201")),
    ),
    Person(
        "shota.suzuki@example.com",
        "鈴木",
        "翔太",
        "スズキ",
        "ショウタ",
        (Place("kogane", Role.AGENT, "202"),),
    ),
    Person(
        "daichi.ito@example.com",
        "伊藤",
        "大地",
        "イトウ",
        "ダイチ",
        (Place("hinata", Role.AGENT, "301"),),
    ),
    Person(
        "naoki.takahashi@example.com",
        "高橋",
        "直樹",
        "タカハシ",
        "ナオキ",
        (Place("kogane", Role.SUPERVISOR, "101"),),
    ),
    Person(
        "kaori.nakamura@example.com",
        "中村",
        "香織",
        "ナカムラ",
        "カオリ",
        (Place("kogane", Role.ADMIN, "100"),),
    ),
    Person(
        "chinatsu.watanabe@example.com",
        "渡辺",
        "千夏",
        "ワタナベ",
        "チナツ",
        (Place("hinata", Role.ADMIN, "300"),),
    ),
)
_ACCOUNT_NAMES = {"kogane": "こがね洋品店", "hinata": "ひなた台所道具"}


def sign_ins() -> list[SignIn]:
    """Everyone of the demo: role with client companies, email address, password."""
    return [
        SignIn(
            f"{person.places[0].role.label}: "
            + ", ".join(_ACCOUNT_NAMES[place.account] for place in person.places),
            person.email,
            PASSWORD,
        )
        for person in CAST
    ]
