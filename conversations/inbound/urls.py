from django.urls import path

from conversations.inbound import views as hooks

app_name = "hooks"

urlpatterns = [
    path("<slug:key>/", hooks.hook, name="hook"),
    path("files/<str:token>/", hooks.outbound, name="file"),
]
