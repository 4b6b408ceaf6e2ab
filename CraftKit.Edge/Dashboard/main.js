import { byId, toast } from './dom.js';
import { call, session } from './api.js';
import { live } from './live.js';
import { lookup } from './lookup.js';
import { manage } from './manage.js';

const form = byId('sign-in'), fault = byId('sign-in-fault'), field = byId('account-key');
const renders = lookup();
const load = manage({ onProjects: renders.setProjects, onRender: renders.show });
let stop = null;

function signOut(reason = '') {
  stop?.();
  stop = null;
  session.key = null;
  byId('dashboard').hidden = true;
  byId('sign-out').hidden = true;
  form.hidden = false;
  fault.textContent = reason;
  field.focus();
}

async function signIn() {
  try {
    await call('GET', '/v1/projects');
  } catch (refusal) {
    signOut(refusal.status === 401 ? 'This is not an account key of this service.' : `The service cannot be reached: ${refusal.message}`);
    return;
  }
  form.hidden = true;
  fault.textContent = '';
  byId('dashboard').hidden = false;
  byId('sign-out').hidden = false;
  stop = live({ onRender: renders.show, onSignedOut: signOut });
  byId('main').focus();
  load().catch((refusal) => toast(refusal.message));
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  session.key = field.value.trim();
  field.value = '';
  signIn();
});
byId('sign-out').addEventListener('click', () => signOut());
if (session.key) signIn();
else field.focus();
