"""The settings, with passkeys as behind HTTPS: browsers offer them to this machine's own name without it."""

from canbo.config.settings import *  # noqa: F403
from canbo.config.settings import MFA_SUPPORTED_TYPES

MFA_PASSKEY_LOGIN_ENABLED = True
MFA_SUPPORTED_TYPES = [*MFA_SUPPORTED_TYPES, "webauthn"]
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
