/* The CSRF token of this moment: it changes when somebody signs in again over the page. The cookie
   is named in the page, for each installation on a host has one of its own. */
export function csrfToken() {
  const name = document.querySelector("meta[name=csrf-cookie]")?.content ?? "";
  const cookie = document.cookie.split(/;\s*/).find((one) => one.startsWith(`${name}=`));
  return name && cookie ? decodeURIComponent(cookie.slice(name.length + 1)) : "";
}
