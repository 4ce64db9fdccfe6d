"""Who may sign in, by which credentials, in which roles."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from ikrar.domain.access import Role
from ikrar.records.models.people import choices


class UserManager(BaseUserManager):
    def get_by_natural_key(self, username):
        return self.get(username=username)


class User(AbstractBaseUser):
    """An account. A civil servant's is tied to the person on the roster; an outside officer's stands alone.

    `username` is what is typed at sign-in: the person's number, or a short name for whoever has none.
    """

    username = models.CharField(max_length=40, unique=True)
    person = models.OneToOneField("Person", models.PROTECT, null=True, blank=True, related_name="user")
    full_name = models.CharField(max_length=150, blank=True, db_comment="for accounts without a person")
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=2, default="id")
    created_at = models.DateTimeField()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: list[str] = []

    objects = UserManager()

    def __str__(self) -> str:
        return f"user {self.pk}"

    @property
    def display_name(self) -> str:
        return self.person.full_name if self.person_id else self.full_name


class RoleGrantQuerySet(models.QuerySet):
    def at(self, instant):
        return self.filter(Q(until_at=None) | Q(until_at__gt=instant), from_at__lte=instant)


class RoleGrant(models.Model):
    """A role given to somebody over an agency, a subtree, a body, or the installation, for a time."""

    user = models.ForeignKey(User, models.PROTECT, related_name="grants")
    role = models.CharField(max_length=24, choices=choices(Role))
    agency = models.ForeignKey("Agency", models.PROTECT, null=True, blank=True, related_name="+")
    body = models.ForeignKey("Body", models.PROTECT, null=True, blank=True, related_name="+")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True, blank=True)
    given_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=200, blank=True)

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        ordering = ["-from_at"]
        indexes = [models.Index(fields=["user"], condition=Q(until_at=None), name="grant_open")]

    def __str__(self) -> str:
        return f"{self.role} of {self.user_id}"


class AccessCode(models.Model):
    """A one-time code printed on a slip. Only a keyed digest is kept; one open code an account."""

    user = models.ForeignKey(User, models.PROTECT, related_name="codes")
    digest = models.CharField(max_length=64, unique=True, db_comment="HMAC-SHA-256 (hex) of the code")
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    expires_at = models.DateTimeField()
    failures = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(used_at=None, withdrawn_at=None), name="access_code_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"code of {self.user_id}"


class CredentialEvent(models.Model):
    """Something that happened to somebody's credentials. Its owner sees every one of them."""

    class Kind(models.TextChoices):
        CODE_ISSUED = "code_issued"
        CODE_WITHDRAWN = "code_withdrawn"
        CODE_USED = "code_used"
        PASSWORD_SET = "password_set"
        PASSKEY_ADDED = "passkey_added"
        PASSKEY_REMOVED = "passkey_removed"
        TOTP_ADDED = "totp_added"
        TOTP_REMOVED = "totp_removed"
        RECOVERY_CODES_MADE = "recovery_codes_made"
        SSO_LINKED = "sso_linked"
        ACCOUNT_RESET = "account_reset"

    user = models.ForeignKey(User, models.PROTECT, related_name="credential_events")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=200, null=True, blank=True, db_comment="of a reset; null where none is asked")

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["user", "-at"], name="credential_events_of_user")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.user_id}"


class Throttle(models.Model):
    """Failures counted per account or per code, known or not; never per address: a school shares one."""

    key = models.CharField(max_length=64, primary_key=True, db_comment="HMAC-SHA-256 (hex) of what was typed")
    failures = models.PositiveIntegerField(default=0)
    window_ends_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key[:8]
