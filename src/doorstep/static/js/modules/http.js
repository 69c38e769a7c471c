/* Posts as the forms do: same-origin, with the CSRF token of the page. Shared by the modules that send by themselves. */

export const csrf = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";

/** Posts fields (an object or a FormData). Gives the response; rejects only when the network is gone. */
export function post(url, fields, { headers = {}, timeout = 15000 } = {}) {
  const body = fields instanceof FormData ? fields : new URLSearchParams(fields);
  return fetch(url, {
    method: "POST",
    body,
    headers: { Accept: "application/json", "X-CSRFToken": csrf(), "X-Requested-With": "fetch", ...headers },
    credentials: "same-origin",
    signal: AbortSignal.timeout(timeout),
  });
}

/** The sentence of a refusal: problem+json's detail, or plain words. */
export async function reason(response) {
  if (response.status === 401) return "You were signed out. Sign in again, nothing is lost.";
  try {
    const { detail, title } = await response.json();
    return detail || title || "That did not work. Try again.";
  } catch {
    return "That did not work. Try again.";
  }
}
