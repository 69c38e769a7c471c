/* The photos and events that are still on this phone. Shared by the page (import) and the service worker (importScripts), so it is
   written without exports: everything hangs on self.photoStore.
   A photo is stored first and sent then; it leaves the phone only after the server said it has it. Its id is the idempotency key:
   sending the same photo twice is harmless. */

(() => {
  const DB = "doorstep-photos";
  const STORE = "photos";
  const ENOUGH = 3; // tries of an answer that may still change its mind
  const channel = "BroadcastChannel" in self ? new BroadcastChannel(DB) : null;
  const listeners = new Set();
  const tell = (message) => {
    channel?.postMessage(message);
    for (const listener of listeners) listener(message);
  };
  channel?.addEventListener("message", (event) => listeners.forEach((listener) => listener(event.data)));

  const open = () =>
    new Promise((ok, no) => {
      const request = indexedDB.open(DB, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "id" });
      request.onsuccess = () => ok(request.result);
      request.onerror = () => no(request.error);
    });
  const use = async (mode, work) => {
    const db = await open();
    try {
      return await new Promise((ok, no) => {
        const transaction = db.transaction(STORE, mode);
        const request = work(transaction.objectStore(STORE));
        transaction.oncomplete = () => ok(request?.result);
        transaction.onerror = transaction.onabort = () => no(transaction.error);
      });
    } finally {
      db.close();
    }
  };
  const all = () => use("readonly", (store) => store.getAll());
  const put = (photo) => use("readwrite", (store) => store.put(photo));
  const drop = (id) => use("readwrite", (store) => store.delete(id));
  const pause = (tries) => Math.min(300e3, 2e3 * 2 ** tries) * (0.5 + Math.random() / 2);

  const reason = async (response) => {
    try {
      const { detail, title } = await response.json();
      return detail || title || "";
    } catch {
      return "";
    }
  };

  /** Sends one photo. Gives its new state; throws when it should be tried again. */
  async function send(photo) {
    const form = new FormData();
    for (const [name, value] of Object.entries(photo.fields)) form.set(name, value);
    form.set("file", new Blob([photo.bytes], { type: photo.type }), photo.name);
    const response = await fetch(photo.url, {
      method: "POST",
      body: form,
      credentials: "same-origin",
      headers: { Accept: "application/json", "Idempotency-Key": photo.id, "X-CSRFToken": photo.csrf || "" },
      signal: AbortSignal.timeout(90e3),
    });
    if (response.ok && !response.redirected) return { state: "sent" };
    const fresh = photo.tries < ENOUGH;
    if (response.redirected || response.status === 401 || response.status === 403) return { state: "signin" };
    if (response.status === 400 && fresh) return { state: "signin" }; // an old CSRF token: the next page load brings a new one
    if (response.status === 409 && fresh) throw new Error("again 409"); // the same photo is being taken in by another request
    if ([408, 425, 429].includes(response.status) || response.status >= 500)
      throw new Error(`again ${response.status}`);
    return { state: "refused", why: await reason(response) }; // 409, 413, 415, 422: kept and shown, never dropped silently
  }

  async function drainAll(force) {
    for (const photo of await all()) {
      if (photo.state === "refused" || (!force && photo.next > Date.now())) continue;
      tell({ id: photo.id, state: "sending" });
      try {
        const outcome = await send(photo);
        if (outcome.state === "sent") await drop(photo.id);
        else await put({ ...photo, ...outcome, tries: photo.tries + 1, next: Date.now() + 30e3 });
        tell({ id: photo.id, ...outcome });
        if (outcome.state === "signin") return;
      } catch (error) {
        await put({ ...photo, tries: photo.tries + 1, next: Date.now() + pause(photo.tries), state: "waiting" });
        tell({ id: photo.id, state: "waiting" });
        if (error instanceof TypeError || error.name === "TimeoutError") return; // no network: do not burn through the list
      }
    }
  }
  /** Sends what is due, one tab or worker at a time. */
  const drain = (force = false) =>
    navigator.locks
      ? navigator.locks.request(DB, { ifAvailable: true }, (lock) => lock && drainAll(force))
      : drainAll(force);

  self.photoStore = {
    all,
    put,
    drop,
    drain,
    listen: (listener) => listeners.add(listener),
    clear: () => use("readwrite", (store) => store.clear()),
  };
})();
