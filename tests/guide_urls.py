"""The style guide mounted as in the demo, for its tests."""

from django.urls import include, path

from agentdesk.web.views.styleguide import styleguide

urlpatterns = [
    path("styleguide/<slug:page>/", styleguide),
    path("", include("agentdesk.urls")),
]
