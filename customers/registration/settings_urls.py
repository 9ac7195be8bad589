from django.urls import path

from customers.imports import views as settings_imports
from customers.people.views import settings_attributes, settings_ranks

app_name = "settings_customers"
_RANK = "<slug:slug>/ranks/<int:pk>/"
_ATTRIBUTE = "<slug:slug>/attributes/<int:pk>/"
urlpatterns = [
    path("<slug:slug>/ranks/", settings_ranks.ranks, name="ranks"),
    path("<slug:slug>/ranks/list/", settings_ranks.ranks_region, name="ranks-list"),
    path(_RANK, settings_ranks.rank, name="rank"),
    path(f"{_RANK}move/", settings_ranks.move_rank, name="rank-move"),
    path(f"{_RANK}retire/", settings_ranks.retire_rank, name="rank-retire"),
    path(f"{_RANK}restore/", settings_ranks.restore_rank, name="rank-restore"),
    path("<slug:slug>/attributes/", settings_attributes.attributes, name="attributes"),
    path(
        "<slug:slug>/attributes/list/",
        settings_attributes.attributes_region,
        name="attributes-list",
    ),
    path(_ATTRIBUTE, settings_attributes.attribute, name="attribute"),
    path(
        f"{_ATTRIBUTE}move/", settings_attributes.move_attribute, name="attribute-move"
    ),
    path(
        f"{_ATTRIBUTE}retire/",
        settings_attributes.retire_attribute,
        name="attribute-retire",
    ),
    path(
        f"{_ATTRIBUTE}restore/",
        settings_attributes.restore_attribute,
        name="attribute-restore",
    ),
    path("<slug:slug>/imports/", settings_imports.imports, name="imports"),
]
