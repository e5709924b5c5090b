"""People, the teams they work in, and the links that let them in once."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class Role(models.TextChoices):
    VIEWER = "viewer"
    EDITOR = "editor"
    OWNER = "owner"

    @property
    def at_least(self) -> list[Role]:
        """The roles that may do whatever this one may."""
        order = list(Role)
        return order[order.index(self) :]


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, email: str | None) -> User:
        return self.get(email__iexact=email)


class User(AbstractBaseUser):
    email = models.EmailField(unique=True)  # kept in lower case
    created_at = models.DateTimeField(auto_now_add=True)
    is_active = models.BooleanField(default=True)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"

    @property
    def name(self) -> str:
        return self.email.split("@")[0]


class Team(models.Model):
    name = models.CharField(max_length=100)
    personal = models.BooleanField(default=False)  # one person's own; its name is theirs
    created_at = models.DateTimeField(auto_now_add=True)
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
        constraints = (models.UniqueConstraint(fields=("team", "user"), name="one_membership_per_team"),)

    def __str__(self) -> str:
        return f"{self.user_id} is {self.role} of {self.team_id}"


class SignInLink(models.Model):
    """Lets its user in once. Only a hash is kept: who reads the database gets nothing to sign in with."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="links")
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"a link for {self.user_id} until {self.expires_at:%F}"
