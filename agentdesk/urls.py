from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from agentdesk.web.views import health, install, styleguide
from conversations.api.v1 import api

# One way to sign in: Django's own asks for no second step, counts no tries, logs none.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("livez", health.live, name="livez"),
    path("readyz", health.ready, name="readyz"),
    path("readyz/web", health.serving, name="readyz-web"),
    path("manifest.webmanifest", install.manifest, name="manifest"),
    path("sw.js", install.service_worker, name="service-worker"),
    re_path(r"^offline/(?P<language>ja|en)/$", install.offline, name="offline"),
    path("", RedirectView.as_view(pattern_name="desk:home")),
    path("", include("conversations.urls")),
    path("operator/", admin.site.urls),
    path("accounts/", include("agentdesk.accounts.sign_in_urls")),
    path("audit/", include("agentdesk.audit.urls")),
    path("setup/", include("conversations.setup.urls")),
    path("settings/", include("conversations.registration.settings_urls")),
    path("settings/", include("agentdesk.accounts.settings_urls")),
    path("settings/", include("customers.registration.settings_urls")),
    path("customers/", include("customers.urls")),
    path("chat/", include("conversations.webchat.urls")),
    path("hooks/", include("conversations.inbound.urls")),
    path("api/v1/", api.urls),
    path("", include("agentdesk.accounts.urls")),
]

if settings.DEMO:
    urlpatterns += [path("demo/", include("conversations.webchat.demo_urls"))]

if settings.DEMO or settings.DEBUG:
    urlpatterns += [
        path("styleguide/", styleguide.styleguide, name="styleguide"),
        path("styleguide/<slug:page>/", styleguide.styleguide, name="styleguide-page"),
    ]

handler400 = "agentdesk.web.views.errors.refused"
handler500 = "agentdesk.web.views.errors.failed"
