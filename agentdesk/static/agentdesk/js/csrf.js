/* The CSRF token of this moment: it changes when somebody signs in again over the page. */
export function csrfToken() {
  const cookie = document.cookie.match(/(?:^|;\s*)csrftoken=([^;]+)/);
  return cookie ? decodeURIComponent(cookie[1]) : "";
}
