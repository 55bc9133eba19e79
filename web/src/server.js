/* Calls to the server. Every failure is a problem: {title, detail, status, retryAfter}, never a bare exception. */

export class Problem extends Error {
  constructor({ title, detail, status, retryAfter }) {
    super(detail ? `${title}: ${detail}` : title);
    Object.assign(this, { title, detail, status, retryAfter });
  }
}

async function problemOf(response) {
  const body = await response.json().catch(() => ({}));
  return new Problem({
    title: body.title ?? "The server could not do that",
    detail: body.detail,
    status: response.status,
    retryAfter: Number(response.headers.get("Retry-After")) || 0,
  });
}

/* `options.signal` aborts it: then the promise is rejected with the browser's AbortError. */
export async function call(method, url, body, options = {}) {
  const headers = { ...options.headers };
  if (body !== undefined && options.raw === undefined) headers["Content-Type"] = "application/json";
  if (options.raw !== undefined) headers["Content-Type"] = options.raw;
  let response;
  try {
    response = await fetch(url, {
      method,
      headers,
      body: body === undefined ? undefined : options.raw ? body : JSON.stringify(body),
      signal: options.signal,
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem({ title: "The server cannot be reached", detail: "Is the network there? Try again." });
  }
  if (!response.ok) throw await problemOf(response);
  return response;
}

export async function getJson(url) {
  return (await call("GET", url)).json();
}

export async function postJson(url, body, options) {
  return (await call("POST", url, body, options)).json();
}
