import factory
from factory.django import DjangoModelFactory

from agentdesk.accounts.models import ClientAccount, Membership, User
from agentdesk.accounts.roles import Role

PASSWORD = "desk-password-1"


class ClientAccountFactory(DjangoModelFactory):
    class Meta:
        model = ClientAccount

    name = factory.Sequence(lambda n: f"取引先{n}")
    slug = factory.Sequence(lambda n: f"account-{n}")
    phone_number = "+81355501000"


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"member{n}@example.jp")
    family_name = "佐藤"
    given_name = factory.Sequence(lambda n: f"花子{n}")

    @factory.post_generation
    def password(self, create, extracted, **kwargs):
        self.set_password(extracted or PASSWORD)
        self.save(update_fields=["password"])


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    account = factory.SubFactory(ClientAccountFactory)
    role = Role.AGENT
