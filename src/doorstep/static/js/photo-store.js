/* What is still on this phone: photos and ticks that the server has not confirmed. Shared by the page (import) and the service
   worker (importScripts), so it is written without exports: everything hangs on self.photoStore.
   A photo is stored first and sent then; it leaves the phone only after the server said that it has it. Its id is the idempotency
   key: sending the same photo twice is harmless. What one worker took is never sent in the name of another. */

(() => {
  const DB = "doorstep-worker";
  const PHOTOS = "photos";
  const TICKS = "ticks";
  const GONE = "This order is not yours any more. Keep the photo and ask the office.";
  const channel = "BroadcastChannel" in self ? new BroadcastChannel(DB) : null;
  const listeners = new Set();
  const hear = (message) => listeners.forEach((listener) => listener(message));
  const tell = (message) => {
    channel?.postMessage(message);
    hear(message);
  };
  channel?.addEventListener("message", (event) => hear(event.data));

  /** The network, or what stands between, did not let it through: try again later. */
  class Later extends Error {
    constructor(seconds = 0, reached = false) {
      super("later");
      this.seconds = seconds;
      this.reached = reached;
    }
  }

  const open = () =>
    new Promise((ok, no) => {
      const request = indexedDB.open(DB, 1);
      request.onupgradeneeded = () =>
        [PHOTOS, TICKS].forEach((name) => request.result.createObjectStore(name, { keyPath: "id" }));
      request.onsuccess = () => ok(request.result);
      request.onerror = () => no(request.error);
    });
  const use = async (name, mode, work) => {
    const db = await open();
    try {
      return await new Promise((ok, no) => {
        const transaction = db.transaction(name, mode);
        const request = work(transaction.objectStore(name));
        transaction.oncomplete = () => ok(request?.result);
        transaction.onerror = transaction.onabort = () => no(transaction.error);
      });
    } finally {
      db.close();
    }
  };
  const all = async () => (await use(PHOTOS, "readonly", (store) => store.getAll())).sort((a, b) => a.at - b.at);
  const put = (photo) => use(PHOTOS, "readwrite", (store) => store.put(photo));
  const drop = (id) => use(PHOTOS, "readwrite", (store) => store.delete(id));
  const ticks = () => use(TICKS, "readonly", (store) => store.getAll());
  const keepTick = (tick) => use(TICKS, "readwrite", (store) => store.put(tick));
  const dropTick = (id) => use(TICKS, "readwrite", (store) => store.delete(id));

  /** The outcome is written only when the person has not removed the photo meanwhile. */
  const update = (photo, change) =>
    use(PHOTOS, "readwrite", (store) => {
      const request = store.get(photo.id);
      request.onsuccess = () => request.result && store.put({ ...request.result, ...change });
      return request;
    });

  /** Who is signed in, with a fresh form token; null for nobody. Rejects without signal. */
  async function session() {
    const response = await fetch("/worker/token", {
      headers: { Accept: "application/json" },
      credentials: "same-origin",
      cache: "no-store",
      signal: AbortSignal.timeout(15e3),
    }).catch(() => Promise.reject(new Later()));
    if (response.status === 401 || response.status === 403) return null;
    const said = await response.json().catch(() => ({}));
    if (!response.ok || !said.csrf_token) throw new Later(); // 5xx, or the sign-in page of a hotel's network
    return said;
  }

  /** Posts a form. Gives {status, body, after}; tells the share that is out by `onShare`. Rejects without signal. */
  const post = (url, form, headers, onShare) => (self.XMLHttpRequest ? byRequest : byFetch)(url, form, headers, onShare);
  const parsed = (text) => {
    try {
      return JSON.parse(text);
    } catch {
      return null;
    }
  };
  const byRequest = (url, form, headers, onShare) =>
    new Promise((ok, no) => {
      const request = new XMLHttpRequest();
      request.open("POST", url);
      request.timeout = 90e3;
      for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
      request.upload.onprogress = (event) => event.total && onShare(Math.round((100 * event.loaded) / event.total));
      request.onerror = request.ontimeout = request.onabort = () => no(new Later());
      request.onload = () =>
        ok({
          status: request.status,
          body: parsed(request.responseText),
          after: Number(request.getResponseHeader("Retry-After")) || 0,
        });
      request.send(form);
    });
  async function byFetch(url, form, headers) {
    const signal = AbortSignal.timeout(90e3);
    try {
      const response = await fetch(url, { method: "POST", body: form, headers, credentials: "same-origin", signal });
      const body = parsed(await response.text());
      return { status: response.status, body, after: Number(response.headers.get("Retry-After")) || 0 };
    } catch {
      throw new Later();
    }
  }

  /** What an answer means; throws Later when it may still change its mind. */
  function outcome({ status, body, after }) {
    const good = status >= 200 && status < 300;
    if (good && (status === 204 || body?.id)) return { state: "sent" };
    if (status === 401) return { state: "signin" };
    const busy = status === 409 && after > 0; // the same photo is just arriving by another way
    if (good || busy || status === 0 || [408, 425, 429].includes(status) || status >= 500) throw new Later(after, !good);
    return { state: "refused", why: status === 404 ? GONE : (body?.detail ?? "") };
  }

  /** Sends one form as the person of `who`; a form token that is too old is replaced once. */
  async function send(who, url, fields, file, headers, onShare) {
    const attempt = async () => {
      const form = new FormData();
      for (const [name, value] of Object.entries(fields)) form.set(name, value);
      if (file) form.set("file", new Blob([file.bytes], { type: file.type }), file.name);
      return post(url, form, { Accept: "application/json", "X-CSRFToken": who.csrf_token, ...headers }, onShare);
    };
    const answer = await attempt();
    if (answer.status !== 400) return outcome(answer);
    const fresh = await session();
    if (!fresh) return { state: "signin" };
    who.csrf_token = fresh.csrf_token;
    return outcome(await attempt());
  }

  const pause = (tries) => Math.min(300e3, 2e3 * 2 ** tries) * (0.5 + Math.random() / 2);

  /** Sends one photo. Gives false when it is of no use to go on now. */
  async function sendPhoto(who, photo) {
    const onShare = (share) => tell({ id: photo.id, state: "sending", share });
    onShare(0);
    try {
      const end = await send(who, photo.url, photo.fields, photo, { "Idempotency-Key": photo.id }, onShare);
      if (end.state === "sent") await drop(photo.id);
      else await update(photo, end);
      tell({ id: photo.id, order: photo.order, ...end });
      return end.state !== "signin";
    } catch (error) {
      const wait = Math.max(pause(photo.tries), 1e3 * (error.seconds ?? 0));
      await update(photo, { tries: photo.tries + 1, next: Date.now() + wait, state: "waiting" });
      tell({ id: photo.id, state: "waiting" });
      return error.reached === true;
    }
  }

  async function sendTick(who, tick) {
    const fields = { item: tick.item, done: tick.done ? "1" : "0" };
    const end = await send(who, tick.url, fields, null, {}, () => {});
    if (end.state === "signin") return false;
    await dropTick(tick.id);
    tell({ tick: tick.id, ...end, done: tick.done });
    return true;
  }

  const due = (photo, force) => photo.state !== "refused" && (force || photo.next <= Date.now());

  async function drainAll(force) {
    const waiting = (await all()).some((photo) => due(photo, force));
    if (!waiting && !(await ticks()).length) return;
    const who = await session().catch(() => undefined);
    if (who === undefined) return;
    if (who === null) return askToSignIn();
    try {
      for (const tick of await ticks()) if (tick.owner === who.worker && !(await sendTick(who, tick))) return;
    } catch {
      return; // no signal after all; the ticks wait
    }
    const tried = new Set();
    const next = async () =>
      (await all()).find((photo) => photo.owner === who.worker && !tried.has(photo.id) && due(photo, force));
    for (let photo = await next(); photo; photo = await next()) {
      tried.add(photo.id);
      if (!(await sendPhoto(who, photo))) return;
    }
  }

  async function askToSignIn() {
    for (const photo of await all()) {
      if (photo.state === "refused") continue;
      await update(photo, { state: "signin", next: Date.now() + 30e3 });
      tell({ id: photo.id, state: "signin" });
    }
  }

  /** Sends what is due (with `force` all that waits), one tab or service worker at a time. */
  const drain = (force = false) =>
    navigator.locks
      ? navigator.locks.request(DB, { ifAvailable: true }, (lock) => lock && drainAll(force))
      : drainAll(force);

  self.photoStore = { all, put, drop, ticks, keepTick, dropTick, drain, session, tell, listen: (one) => listeners.add(one) };
})();
