from django.urls import path

from customers.people.views import edit, identities, page, panel

app_name = "customers"
urlpatterns = [
    path("", page.customers, name="customers"),
    path("new/", page.new, name="new-customer"),
    path("<int:pk>/", page.customer, name="customer"),
    path("<int:pk>/panel/", panel.show, name="panel"),
    path("<int:pk>/head/", panel.head, name="head"),
    path("<int:pk>/head/edit/", edit.head, name="edit-head"),
    path("<int:pk>/profile/", panel.profile, name="profile"),
    path("<int:pk>/profile/edit/", edit.profile, name="edit-profile"),
    path("<int:pk>/identities/", panel.identities, name="identities"),
    path("<int:pk>/identities/add/", identities.add, name="add-identity"),
    path("identities/<int:pk>/verify/", identities.verify, name="verify-identity"),
    path("identities/<int:pk>/remove/", identities.remove, name="remove-identity"),
    path("claims/<int:pk>/confirm/", identities.confirm_claim, name="confirm-claim"),
    path("claims/<int:pk>/refute/", identities.refute, name="refute-claim"),
    path("<int:pk>/cart/", panel.cart, name="cart"),
    path("<int:pk>/purchases/", panel.purchases, name="purchases"),
    path("orders/<int:pk>/", panel.order, name="order"),
]
