// The admin plane's API. The key travels in a header alone, never in a URL or a cookie, and lives as long as the tab.

const storage = 'craftkit-edge-account-key';

export const session = {
  get key() { return sessionStorage.getItem(storage); },
  set key(value) {
    if (value) sessionStorage.setItem(storage, value);
    else sessionStorage.removeItem(storage);
  },
};

export class ApiFault extends Error {
  constructor(status, error) {
    const issues = error?.issues;
    const fields = issues ? Object.entries(issues.fieldErrors).map(([field, texts]) => `${field}: ${texts.join(', ')}`) : [];
    super([error?.message ?? `The service answered ${status}.`, ...(issues?.formErrors ?? []), ...fields].join(' '));
    this.status = status;
  }
}

async function send(path, init = {}) {
  const response = await fetch(path, {
    ...init,
    cache: 'no-store',
    credentials: 'omit',
    headers: { Authorization: `Bearer ${session.key}`, ...init.headers },
  });
  if (response.ok) return response;
  let error = null;
  try { error = (await response.json()).error; } catch { /* a proxy's own page: the status says enough */ }
  throw new ApiFault(response.status, error);
}

export async function call(method, path, body) {
  const json = body === undefined ? {} : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } };
  return (await send(path, { method, ...json })).json();
}

export const path = (...parts) => `/v1/${parts.map(encodeURIComponent).join('/')}`;

/** Reads server-sent events until the stream ends or the signal says so. */
export async function follow(url, signal, take) {
  const response = await send(url, { signal, headers: { Accept: 'text/event-stream' } });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    rest += value;
    let end;
    while ((end = rest.indexOf('\n\n')) >= 0) {
      const data = rest.slice(0, end).split('\n').filter((line) => line.startsWith('data:')).map((line) => line.slice(5).trimStart());
      rest = rest.slice(end + 2);
      if (data.length) take(JSON.parse(data.join('\n')));
    }
  }
}
