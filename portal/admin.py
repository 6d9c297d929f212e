"""Django's admin, for superusers with a second factor only: the last resort, not a work place."""

from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from aupolicy.models import Broker, Employer, Grant, User
from aupolicy.operations.fence import ALL, NOTHING, acting_within
from portal.views.second_factor import ask_for_second_factor, has_second_factor


class SuperuserSite(admin.AdminSite):
    """The admin behind the portal's own sign-in."""

    site_header = site_title = "bAU-Verwaltung"

    def has_permission(self, request: HttpRequest) -> bool:
        """Superusers, where it is required with a second factor."""
        user = request.user
        if not isinstance(user, User) or not (user.is_active and user.is_superuser):
            return False
        return not settings.MFA_REQUIRED or has_second_factor(user)

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """There is one way to sign in; whoever has gone it and may not enter learns no more."""
        if request.user.is_authenticated:
            return self._refuse(request)
        return redirect_to_login(request.GET.get("next", "/admin/"))

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:  # noqa: FBT001, FBT002
        """Every page sees everything, also while its template is filled."""
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def see_everything(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            with acting_within(ALL if self.has_permission(request) else NOTHING):
                response = inner(request, *args, **kwargs)
                return response.render() if isinstance(response, TemplateResponse) else response

        return see_everything

    def _refuse(self, request: HttpRequest) -> HttpResponse:
        if isinstance(request.user, User) and request.user.is_superuser:
            return ask_for_second_factor(request)
        raise Http404


class GrantAdmin(admin.ModelAdmin[Grant]):
    """Grants are given here for the first time in an empty database; they are never changed."""

    list_display = ("user", "role", "employer", "broker", "period")
    list_select_related = ("user", "employer", "broker")
    autocomplete_fields = ("user", "employer", "broker")
    exclude = ("ended_by", "given_by")

    def save_model(self, request: HttpRequest, obj: Grant, form: Any, change: Any) -> None:
        """Say who gave it."""
        assert isinstance(request.user, User)  # noqa: S101 -- has_permission has seen to it
        obj.given_by = request.user
        super().save_model(request, obj, form, change)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Ended in the portal, where the rules are."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never deleted."""
        return False


class PartyAdmin(admin.ModelAdmin[Any]):
    """Employers and brokers, to look at: contracts and papers rest on them."""

    search_fields = ("legal_name",)
    list_display = ("legal_name", "contact_email")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """They come with a contract."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """They are changed where the change is recorded."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never deleted."""
        return False


class PersonAdmin(UserAdmin[User]):
    """People: locked by taking `is_active`, never deleted."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never deleted: what they did names them."""
        return False


superuser_site = SuperuserSite(name="admin")
superuser_site.register(User, PersonAdmin)
superuser_site.register(Grant, GrantAdmin)
superuser_site.register(Employer, PartyAdmin)
superuser_site.register(Broker, PartyAdmin)
