/* The demo's sign-ins fill in the form and send it. */
document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-sign-in-as]");
  const form = document.getElementById("sign-in");
  if (!button || !form) return;
  form.elements.login.value = button.dataset.signInAs;
  form.elements.password.value = button.dataset.password;
  form.requestSubmit();
});
