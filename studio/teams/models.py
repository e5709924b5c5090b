"""Database models of people, teams and credentials."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from studio.teams.secret import hash_secret


class Role(models.TextChoices):
    VIEWER = "viewer"
    EDITOR = "editor"
    OWNER = "owner"

    @property
    def at_least(self) -> list[Role]:
        """The roles that include this one's permissions."""
        order = list(Role)
        return order[order.index(self) :]


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, email: str | None) -> User:
        return self.get(email__iexact=email)


class User(AbstractBaseUser):
    email = models.EmailField(unique=True)  # in lower case
    created_at = models.DateTimeField(auto_now_add=True)
    is_active = models.BooleanField(default=True)
    confirmed = models.BooleanField(
        default=False
    )  # the address is known to be theirs: they came by a link to it

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"

    @property
    def name(self) -> str:
        return self.email.split("@")[0]


class Team(models.Model):
    name = models.CharField(max_length=100)
    personal = models.BooleanField(default=False)  # one person's own; its name is theirs
    created_at = models.DateTimeField(auto_now_add=True)
    tokens_a_day = models.PositiveBigIntegerField(null=True)  # daily budgets; None: unlimited
    seconds_a_day = models.PositiveBigIntegerField(null=True)
    made_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    needs_two_factor = models.BooleanField(
        default=False
    )  # its members see it only with a second factor
    members: models.ManyToManyField[User, Membership] = models.ManyToManyField(
        User, through="Membership", related_name="teams"
    )

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("team", "user"), name="one_membership_per_team"),
        )

    def __str__(self) -> str:
        return f"{self.user_id} is {self.role} of {self.team_id}"


class SignInLink(models.Model):
    """A link that signs its user in once. Only a hash is stored."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="links")
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"a link for {self.user_id} until {self.expires_at:%F}"


class EmailChange(models.Model):
    """A new address that is not confirmed yet. Only a hash of its link is stored."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="email_change")
    email = models.EmailField()
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.user_id} to {self.email} until {self.expires_at:%F}"


class TwoFactor(models.Model):
    """A person's authenticator app. The secret is sealed (`studio.config.vault`)."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="two_factor")
    secret = models.TextField()
    # time step of the last code used; no code works twice
    last_step = models.PositiveBigIntegerField(default=0)
    turned_on_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"the authenticator of {self.user_id}"


class RecoveryCode(models.Model):
    """A code that replaces one code of the app, once. Only a hash is stored."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("user", "digest"), name="one_recovery_code_per_text"),
        )

    def __str__(self) -> str:
        return f"a recovery code of {self.user_id}"


class StoredFile(models.Model):
    """The size of a file that counts for its team's storage. Copies share a file."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="stored_files")
    name = models.CharField(max_length=200, db_index=True)
    size = models.PositiveBigIntegerField()  # in bytes
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("team", "name"), name="one_stored_file_per_name"),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.size} bytes)"


class ApiToken(models.Model):
    """A token with which a program acts for its user, in one team and up to a role.

    Only a hash is stored.
    """

    TEAM = "team"

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="tokens")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=100)
    role = models.CharField(max_length=10, choices=Role.choices)
    digest = models.CharField(max_length=64, unique=True)
    ending = models.CharField(max_length=4)  # last characters of the token, to tell several apart
    created_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"{self.name} (…{self.ending})"


class Session(AbstractBaseSession):
    """A browser's session, with what its user needs to recognize and end it."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="sessions")
    browser = models.CharField(max_length=300, blank=True)  # User-Agent
    address = models.CharField(max_length=45, blank=True)  # the latest IP address
    since = models.DateTimeField()  # time of sign-in
    seen_at = models.DateTimeField(auto_now=True)

    class Meta(AbstractBaseSession.Meta):
        abstract = False
        ordering = ("-seen_at",)

    @property
    def handle(self) -> str:
        """Return an id that pages may show; the key itself would sign its reader in."""
        return hash_secret(self.session_key)[:16]


class Invitation(models.Model):
    """A link into a team.

    With an e-mail address it works once; without one, for anyone with it until it expires.
    """

    TEAM = "team"

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=10, choices=Role.choices)
    email = models.EmailField(blank=True)
    invited_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"an invitation to {self.team_id} as {self.role} until {self.expires_at:%F}"


class Activity(models.Model):
    """What somebody did in a team, or with their account. Names are copied, so lines outlive people
    and things. The database refuses to change a line.
    """

    TEAM = "team"

    # None: a line about an account, for the studio's operator
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, related_name="activities")
    # About an account: only owners see it.
    is_account = models.BooleanField(default=False, db_default=False)
    actor = models.CharField(
        max_length=254, blank=True
    )  # an e-mail address; empty: the studio itself
    verb = models.CharField(max_length=60)
    target = models.CharField(max_length=300, blank=True)
    address = models.CharField(max_length=45, blank=True)  # IP address of the request
    browser = models.CharField(
        max_length=300, blank=True
    )  # as it names itself; empty: the studio itself
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-pk",)
        indexes = (models.Index(fields=("team", "-id")), models.Index(fields=("created_at",)))

    def __str__(self) -> str:
        return f"{self.actor} {self.verb} {self.target}".strip()


class Connection(models.Model):
    """A team's model server. `key` is encrypted; a removed connection keeps only its name."""

    TEAM = "team"

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="connections")
    name = models.CharField(max_length=100)
    url = models.CharField(max_length=500)
    model = models.CharField(max_length=200)
    key = models.TextField(blank=True)
    # last characters of the key, to tell several apart
    ending = models.CharField(max_length=4, blank=True)
    # per million input tokens, and per million output tokens
    price_in = models.FloatField(null=True)
    price_out = models.FloatField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("team", "name"),
                condition=models.Q(removed_at=None),
                name="one_connection_per_name",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Spending(models.Model):
    """What a team's runs used on one day (UTC)."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="spending")
    day = models.DateField()
    tokens = models.PositiveBigIntegerField(default=0)
    seconds = models.FloatField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("team", "day"), name="one_spending_per_day"),
        )

    def __str__(self) -> str:
        return f"{self.team_id} on {self.day}: {self.tokens} tokens, {self.seconds:.0f} s"
