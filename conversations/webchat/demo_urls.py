"""Addresses of the demo's shops, below /demo/."""

from django.urls import path

from conversations.webchat.views import demo_shop

app_name = "demo"

urlpatterns = [
    path("<slug:slug>/", demo_shop.shop, name="shop"),
    path("<slug:slug>/basket/", demo_shop.change_basket, name="basket"),
    path("<slug:slug>/line/", demo_shop.line, name="line"),
    path("<slug:slug>/sign-in/", demo_shop.sign_in, name="sign-in"),
]
