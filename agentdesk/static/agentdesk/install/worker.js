/* The service worker: the shell for a moment without a line, and what is pushed while no page is open.
   Before it stands SHELL, which agentdesk/web/views/install.py writes: {version, files, offline}. It keeps
   files of the product alone, and the page that says one is offline. Nothing that the server says to
   somebody who is signed in is ever stored here: navigations go through, all else is not even looked at. */
const NAME = `agentdesk-shell-${SHELL.version}`;
const FILES = new Set(SHELL.files);

async function fill() {
  const cache = await caches.open(NAME);
  const known = new Set((await cache.keys()).map(({ url }) => new URL(url).pathname));
  const missing = [...SHELL.files, ...Object.values(SHELL.offline)].filter((path) => !known.has(path));
  await cache.addAll(missing.map((path) => new Request(path, { credentials: "omit" })));
}

async function dropOlder() {
  const names = await caches.keys();
  const older = names.filter((name) => name.startsWith("agentdesk-shell-") && name !== NAME);
  await Promise.all(older.map((name) => caches.delete(name)));
}

self.addEventListener("install", (event) => event.waitUntil(fill().then(() => self.skipWaiting())));

self.addEventListener("activate", (event) => {
  const quick = self.registration.navigationPreload?.enable();
  event.waitUntil(Promise.all([quick, dropOlder(), self.clients.claim()]));
});

/* A page says so after each loading: signing out has emptied the cache. */
self.addEventListener("message", (event) => {
  if (event.data?.do === "fill") event.waitUntil(fill().catch(() => {}));
});

async function offlinePage() {
  const language = self.navigator.language?.startsWith("ja") ? "ja" : "en";
  const page = await caches.match(SHELL.offline[language], { cacheName: NAME });
  return page ?? Response.error();
}

async function navigate(event) {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request));
  } catch {
    return offlinePage();
  }
}

async function shellFile(request) {
  return (await caches.match(request, { cacheName: NAME })) ?? fetch(request);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(navigate(event));
  else if (FILES.has(pathname)) event.respondWith(shellFile(request));
});

/* A page that is looked at says it itself; all others learn it here. */
async function show({ title, body, url, tag }) {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  if (pages.some(({ visibilityState }) => visibilityState === "visible")) return;
  const { icon, badge } = SHELL;
  await self.registration.showNotification(title, { body, tag, icon, badge, data: { url } });
}

self.addEventListener("push", (event) => {
  if (event.data) event.waitUntil(show(event.data.json()));
});

async function open(url) {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const page = pages.find((one) => one.visibilityState === "visible") ?? pages[0];
  if (!page) return self.clients.openWindow(url);
  const shown = await page.focus().catch(() => page);
  return shown.navigate(url).catch(() => self.clients.openWindow(url));
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const { pathname, search } = new URL(event.notification.data?.url ?? "/", self.location.origin);
  event.waitUntil(open(pathname + search));
});
