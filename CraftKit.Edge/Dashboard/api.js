// The admin plane's API. The account key travels in a header alone, never in a URL or a cookie, and is kept for this tab.

const storage = 'craftkit-edge-account-key';
let requests = new AbortController();

export const session = {
  get key() { return sessionStorage.getItem(storage); },

  /** Called when the service does not take the key (any more). */
  onRefused: () => {},

  begin(key) { sessionStorage.setItem(storage, key); },

  /** Forgets the key and ends every request that was made with it. */
  end() {
    sessionStorage.removeItem(storage);
    requests.abort();
    requests = new AbortController();
  },
};

export class ApiFault extends Error {
  constructor(status, error) {
    const { formErrors = [], fieldErrors = {} } = error?.issues ?? {};
    const fields = Object.entries(fieldErrors).map(([field, faults]) => `${field}: ${faults.join(', ')}.`);
    super([error?.message ?? `The service answered ${status}.`, ...formErrors, ...fields].join(' '));
    this.status = status;
  }
}

/** Whether a fault needs no words of its own: the page ended the request itself, or the key was refused, which signs out and says so. */
export const isTold = (fault) => fault.name === 'AbortError' || fault.status === 401;

async function send(url, { signal, ...init } = {}) {
  const { key } = session;
  const response = await fetch(url, {
    ...init,
    signal: AbortSignal.any(signal ? [requests.signal, signal] : [requests.signal]),
    cache: 'no-store',
    credentials: 'omit',
    headers: { ...init.headers, Authorization: `Bearer ${key}` },
  }).catch((cause) => { throw isTold(cause) ? cause : new Error('The service cannot be reached.', { cause }); });
  if (response.ok) return response;
  const isJson = response.headers.get('Content-Type') === 'application/json';
  const fault = new ApiFault(response.status, isJson ? (await response.json()).error : null);
  if (fault.status === 401 && key === session.key) session.onRefused();
  throw fault;
}

export const path = (...parts) => `/v1/${parts.map(encodeURIComponent).join('/')}`;

export async function call(method, url, body) {
  const json = body === undefined ? {} : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } };
  return (await send(url, { method, ...json })).json();
}

// A number of the metadata may have more digits than a script's numbers hold; it is shown as it was sent.
const keepDigits = (_, value, context) =>
  typeof value === 'number' && JSON.rawJSON && context.source !== String(value) ? JSON.rawJSON(context.source) : value;

export async function readEngagement(projectId, renderId) {
  const response = await send(path('projects', projectId, 'renders', renderId, 'engagement'));
  return JSON.parse(await response.text(), keepDigits);
}

/** Hands each message of a stream of server-sent events to `take`, until the stream ends. */
export async function follow(url, signal, take) {
  const response = await send(url, { signal, headers: { Accept: 'text/event-stream' } });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const messages = (rest + value).split('\n\n');
    rest = messages.pop();
    for (const message of messages) {
      const data = message.split('\n').filter((line) => line.startsWith('data:')).map((line) => line.slice(5));
      if (data.length > 0) take(JSON.parse(data.join('\n')));
    }
  }
}
