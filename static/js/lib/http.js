// Requests to our own server. The token in the page proves the form is ours.

export function csrfToken() {
  return document.querySelector('meta[name="csrf-token"]')?.content ?? "";
}

export function post(url, body, { accept = "application/json", ...options } = {}) {
  return fetch(url, {
    method: "POST",
    body,
    credentials: "same-origin",
    ...options,
    headers: {
      Accept: accept,
      "X-CSRFToken": csrfToken(),
      "X-Requested-With": "fetch",
    },
  });
}

/** The answer's JSON, or null when it is no JSON (a log-in page, a proxy's error). */
export async function json(response) {
  const type = response.headers.get("Content-Type") ?? "";
  if (!type.includes("json")) return null;
  return response.json().catch(() => null);
}

/**
 * A session that ended and began again in another tab has a new token. Read the
 * page's address again and take the token from it; false when none is found.
 */
export async function renewToken() {
  try {
    const page = await fetch(location.href, { credentials: "same-origin" });
    const parsed = new DOMParser().parseFromString(await page.text(), "text/html");
    const fresh = parsed.querySelector('meta[name="csrf-token"]')?.content;
    if (!page.ok || !fresh || fresh === csrfToken()) return false;
    document.querySelector('meta[name="csrf-token"]').content = fresh;
    for (const input of document.querySelectorAll('input[name="csrf_token"]')) {
      input.value = fresh;
    }
    return true;
  } catch {
    return false; // still without a network: the caller says so and tries later
  }
}
