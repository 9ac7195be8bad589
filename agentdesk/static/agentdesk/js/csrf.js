/* The CSRF token of this moment: it changes when somebody signs in again over the page. */
export function csrfToken() {
  return document.cookie.match(/(?:^|;\s*)csrftoken=(\w+)/)?.[1] ?? "";
}
