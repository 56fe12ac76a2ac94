"""Addresses of the pages of accounts: of allauth's those that we offer, none where somebody could register."""

from allauth.account import views as account
from allauth.mfa import app_settings as mfa
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from allauth.socialaccount import views as linked
from allauth.usersessions import views as sessions
from django.db.transaction import atomic
from django.urls import path

from canbo.access import single_sign_on
from canbo.access.rights import ALIAS
from canbo.web.signin import people, views

whole = atomic(using=ALIAS)
"""allauth opens a transaction on the default connection where it uses up a code; what it locks is on this one."""

urlpatterns = [
    path("health", views.health, name="health"),
    path("enter", views.enter, name="enter"),
    path("enter/<str:code>", views.enter, name="enter-code"),
    path("account/", views.overview, name="account"),
    path("account/people", people.people, name="people"),
    path("account/people/invite", people.invite, name="people-invite"),
    path("account/people/<str:login>/<str:do>", people.change, name="people-change"),
    path("account/sign-in", account.login, name="account_login"),
    path("account/sign-out", account.logout, name="account_logout"),
    path("account/again", account.reauthenticate, name="account_reauthenticate"),
    path("account/password", account.password_change, name="account_change_password"),
    path("account/password/none", views.overview, name="account_set_password"),  # a first one needs an invitation
    path("account/sessions", sessions.list_usersessions, name="usersessions_list"),
    path("account/factors", factors.index, name="mfa_index"),
    path("account/factors/code", whole(factors.authenticate), name="mfa_authenticate"),
    path("account/factors/again", whole(factors.reauthenticate), name="mfa_reauthenticate"),
    path("account/factors/app", totp.activate_totp, name="mfa_activate_totp"),
    path("account/factors/app/remove", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("account/factors/recovery", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("account/factors/recovery/new", whole(recovery.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("account/commands", views.commands, name="commands"),
    path("account/linked", linked.connections, name="socialaccount_connections"),
    path("account/linked/<str:provider_id>/ask", single_sign_on.login, name="openid_connect_login"),
    path("account/linked/<str:provider_id>/answer", single_sign_on.callback, name="openid_connect_callback"),
    path("account/linked/cancelled", linked.login_cancelled, name="socialaccount_login_cancelled"),
]
if mfa.PASSKEY_LOGIN_ENABLED:
    urlpatterns += [
        path("account/passkeys", passkeys.list_webauthn, name="mfa_list_webauthn"),
        path("account/passkeys/add", passkeys.add_webauthn, name="mfa_add_webauthn"),
        path("account/passkeys/again", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
        path("account/passkeys/sign-in", passkeys.login_webauthn, name="mfa_login_webauthn"),
        path("account/passkeys/<int:pk>/remove", passkeys.remove_webauthn, name="mfa_remove_webauthn"),
    ]
