"""The product's addresses with those of the demo's shops."""

from django.urls import include, path

from agentdesk.urls import urlpatterns as product

urlpatterns = [*product, path("demo/", include("conversations.webchat.demo_urls"))]
