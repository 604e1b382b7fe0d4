// A contract backend for Cortex Gateway: notes, one notebook a person. Node 20 or later, no dependencies.
// Run: node notes.mjs    Settings: PORT, CORTEX_ISSUER (<gateway publicUrl>/identity), CORTEX_AUDIENCE (this backend's url in cortex.yaml)
import { createServer } from 'node:http';

const port = Number(process.env.PORT ?? 4822);
const issuer = process.env.CORTEX_ISSUER ?? 'http://localhost:8080/identity';
const audience = process.env.CORTEX_AUDIENCE ?? `http://127.0.0.1:${port}`;
const read = 'mcp:notes:read', write = 'mcp:notes:write';

// ---- The app: what each tool needs, takes and does -----------------------------------------------------------------------------
class Refusal extends Error {
  constructor(status, body) { super(); Object.assign(this, { status, body: typeof body === 'string' ? { error: body } : body }); }
}

const notebooks = new Map();
const notesOf = person => notebooks.get(person) ?? notebooks.set(person, []).get(person);
const help = {
  overview: 'A notebook for each person. list_notes reads it, save_note and delete_note change it.',
  concepts: 'Note: an id, a title, a text, tags, and when it was saved. Nobody sees the notes of another person.',
  workflows: 'To change a note: list_notes for its id, save_note with the new text, delete_note with the old id.',
  conventions: 'Times are ISO 8601 in UTC. An error says what to do next.',
  limits: '100 notes a person, in memory: they end with the process.',
  examples: 'save_note {"title": "Groceries", "text": "Milk"} · list_notes {"query": "milk", "limit": 5}',
};

const tools = {
  echo: { scope: read, description: 'Returns the text it was given.', params: { text: 'string' }, run: ({ text }) => ({ text }) },
  get_time: { scope: read, description: 'Returns the current time in UTC.', params: {}, run: () => ({ time: new Date().toISOString() }) },
  list_notes: {
    scope: read, description: 'Lists your notes, newest first.', params: { query: 'string?', limit: 'number?' },
    run: ({ query = '', limit = 20 }, me) => ({
      notes: notesOf(me.sub).filter(n => `${n.title} ${n.text}`.toLowerCase().includes(query.toLowerCase())).reverse().slice(0, Math.max(0, limit)),
    }),
  },
  save_note: {
    scope: write, description: 'Saves a new note.', params: { title: 'string', text: 'string', tags: 'string[]?' },
    run({ title, text, tags = [] }, me) {
      if (notesOf(me.sub).length >= 100) throw new Refusal(400, 'You have 100 notes already. Delete one with delete_note.');
      const note = { id: crypto.randomUUID(), title, text, tags, savedAt: new Date().toISOString() };
      return notesOf(me.sub).push(note), note;
    },
  },
  delete_note: {
    scope: write, description: 'Deletes one of your notes for good.', params: { id: 'string' },
    run({ id }, me) {
      const index = notesOf(me.sub).findIndex(note => note.id === id);
      if (index < 0) throw new Refusal(400, `You have no note '${id}'. list_notes shows the ids.`);
      return { deleted: notesOf(me.sub).splice(index, 1)[0].id };
    },
  },
  get_help: {
    scope: read, description: `Explains this backend. Topics: ${Object.keys(help)}.`, params: { topic: 'string?' },
    run({ topic = 'overview' }) {
      if (!Object.hasOwn(help, topic)) throw new Refusal(400, `There is no help on '${topic}'. Topics: ${Object.keys(help)}.`);
      return { topic, text: help[topic] };
    },
  },
};

const catalog = { // what the gateway's machine token may read, and nothing else
  list_tools: () => ({ tools: Object.entries(tools).map(([name, { run, ...tool }]) => ({ name, ...tool, annotations: { readOnlyHint: tool.scope === read } })) }),
  list_prompts: () => ({ prompts: [] }),
  list_resource_templates: () => ({ resourceTemplates: [] }),
  get_snapshot: () => ({ name: 'Notes', version: '1.0.0', tools: Object.keys(tools) }),
};

function call(method, params, me) {
  const scopes = (me.scope ?? '').split(' ');
  if (Object.hasOwn(catalog, method)) return catalog[method]();
  if (scopes.includes('cortex:catalog')) throw new Refusal(403, `A catalog token may not call '${method}'.`);
  if (method === 'whoami') return { id: me.sub, email: me.email ?? null, clientId: me.client_id, scopes };
  if (!Object.hasOwn(tools, method)) throw new Refusal(400, `Unknown method '${method}'.`);
  const tool = tools[method];
  if (!scopes.includes(tool.scope)) throw new Refusal(403, { required: tool.scope });
  checkParams(tool.params, params);
  return tool.run(params, me);
}

function checkParams(expected, given) {
  for (const name of Object.keys(given)) if (!Object.hasOwn(expected, name)) throw new Refusal(400, `Parameter '${name}' is unknown.`);
  for (const [name, type] of Object.entries(expected)) {
    if (given[name] === undefined && type.endsWith('?')) continue;
    const kind = type.replace('?', ''), value = given[name];
    const fits = kind.endsWith('[]') ? Array.isArray(value) && value.every(item => typeof item === kind.slice(0, -2)) : typeof value === kind;
    if (!fits) throw new Refusal(400, `Parameter '${name}' must be of type ${kind}.`);
  }
}
// ---- The token: signature, type, issuer, audience, expiry ----------------------------------------------------------------------
let keys = new Map(), fetchedAt = -Infinity;
async function keyOf(kid) {
  if (!keys.has(kid) && Date.now() - fetchedAt > 10_000) { // unknown key: look again, at most every 10 s
    const { jwks_uri } = await (await fetch(`${issuer}/.well-known/openid-configuration`, { signal: AbortSignal.timeout(5000) })).json();
    const set = await (await fetch(jwks_uri, { signal: AbortSignal.timeout(5000) })).json();
    const found = set.keys.filter(({ crv }) => crv === 'P-256').map(async ({ kid, kty, crv, x, y }) =>
      [kid, await crypto.subtle.importKey('jwk', { kty, crv, x, y }, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify'])]);
    keys = new Map(await Promise.all(found));
    fetchedAt = Date.now();
  }
  return keys.get(kid);
}

async function authenticate(authorization = '') {
  const [head, body, signature, ...rest] = authorization.replace(/^Bearer /i, '').split('.');
  const json = part => JSON.parse(Buffer.from(part ?? '', 'base64url').toString());
  try {
    const { alg, typ, kid } = json(head), now = Date.now() / 1000, key = await keyOf(kid);
    const signed = alg === 'ES256' && typ === 'at+jwt' && key && rest.length === 0 && await crypto.subtle.verify(
      { name: 'ECDSA', hash: 'SHA-256' }, key, Buffer.from(signature, 'base64url'), Buffer.from(`${head}.${body}`));
    const me = signed && json(body);
    if (me && me.iss === issuer && me.aud === audience && me.exp > now - 30 && !(me.nbf > now + 30) && typeof me.sub === 'string') return me;
  } catch (error) { console.error(`Token refused: ${error.message}`); }
  throw new Refusal(401, 'The token is missing or not valid here.');
}

createServer(async (request, response) => {
  const reply = (status, body) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  try {
    if (request.method !== 'POST' || request.url !== '/api/cortex/backend') throw new Refusal(404, 'POST /api/cortex/backend');
    const me = await authenticate(request.headers.authorization);
    let text = '';
    for await (const chunk of request) if ((text += chunk).length > 262144) throw new Refusal(400, 'The body is larger than 256 KiB.');
    const { method, params = {} } = JSON.parse(text);
    if (params === null || typeof params !== 'object' || Array.isArray(params)) throw new Refusal(400, "'params' must be an object.");
    reply(200, call(method, params, me));
  } catch (error) {
    if (error instanceof Refusal) reply(error.status, error.body);
    else if (error instanceof SyntaxError) reply(400, { error: 'The body is not JSON.' });
    else { console.error(error); reply(500, { error: 'Something broke here; the log says what.' }); }
  }
}).listen(port, '127.0.0.1', () => console.log(`Notes listen at http://127.0.0.1:${port}`));
