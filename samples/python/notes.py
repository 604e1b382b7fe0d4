"""A contract backend for Cortex Gateway: notes, one notebook a person. Python 3.9 or later, PyJWT and cryptography.
Run: pip install "pyjwt[crypto]" (or apt install python3-jwt python3-cryptography), then python3 notes.py
Settings: PORT, CORTEX_ISSUER (<gateway publicUrl>/identity), CORTEX_AUDIENCE (this backend's url in cortex.yaml)
"""
import functools, json, os, urllib.request, uuid
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
import jwt

PORT = int(os.environ.get("PORT", "4823"))
ISSUER = os.environ.get("CORTEX_ISSUER", "http://localhost:8080/identity")
AUDIENCE = os.environ.get("CORTEX_AUDIENCE", f"http://127.0.0.1:{PORT}")
READ, WRITE = "mcp:notes:read", "mcp:notes:write"
HELP = {"overview": "A notebook for each person. list_notes reads it, save_note and delete_note change it.",
        "concepts": "Note: an id, a title, a text, tags, and when it was saved. Nobody sees the notes of another person.",
        "workflows": "To change a note: list_notes for its id, save_note with the new text, delete_note with the old id.",
        "conventions": "Times are ISO 8601 in UTC. An error says what to do next.",
        "limits": "100 notes a person, in memory: they end with the process.",
        "examples": 'save_note {"title": "Groceries", "text": "Milk"} · list_notes {"query": "milk", "limit": 5}'}
notebooks = {}

class Refusal(Exception):
    def __init__(self, status, body):
        self.status, self.body = status, {"error": body} if isinstance(body, str) else body
# ---- The app: what each tool needs, takes and does
now = lambda: datetime.now(timezone.utc).isoformat()
def list_notes(me, query="", limit=20):
    found = [n for n in notebooks.get(me["sub"], []) if query.lower() in f'{n["title"]} {n["text"]}'.lower()]
    return {"notes": found[::-1][:int(min(100, max(0, limit)))]}

def save_note(me, title, text, tags=()):
    notes = notebooks.setdefault(me["sub"], [])
    if len(notes) >= 100:
        raise Refusal(400, "You have 100 notes already. Delete one with delete_note.")
    notes.append({"id": str(uuid.uuid4()), "title": title, "text": text, "tags": list(tags), "savedAt": now()})
    return notes[-1]

def delete_note(me, id):
    notes = notebooks.get(me["sub"], [])
    for note in [note for note in notes if note["id"] == id]:
        notes.remove(note)
        return {"deleted": id}
    raise Refusal(400, f"You have no note '{id}'. list_notes shows the ids.")

def get_help(me, topic="overview"):
    if topic not in HELP:
        raise Refusal(400, f"There is no help on '{topic}'. Topics: {', '.join(HELP)}.")
    return {"topic": topic, "text": HELP[topic]}

TOOLS = {  # name: (scope, description, parameters, function)
    "echo": (READ, "Returns the text it was given.", {"text": "string"}, lambda me, text: {"text": text}),
    "get_time": (READ, "Returns the current time in UTC.", {}, lambda me: {"time": now()}),
    "list_notes": (READ, "Lists your notes, newest first.", {"query": "string?", "limit": "number?"}, list_notes),
    "save_note": (WRITE, "Saves a new note.", {"title": "string", "text": "string", "tags": "string[]?"}, save_note),
    "delete_note": (WRITE, "Deletes one of your notes for good.", {"id": "string"}, delete_note),
    "get_help": (READ, f"Explains this backend. Topics: {', '.join(HELP)}.", {"topic": "string?"}, get_help)}
CATALOG = {  # what the gateway's machine token may read, and nothing else
    "list_tools": {"tools": [{"name": n, "scope": s, "description": d, "params": p, "annotations": {"readOnlyHint": s == READ}}
                             for n, (s, d, p, _) in TOOLS.items()]},
    "list_prompts": {"prompts": []}, "list_resource_templates": {"resourceTemplates": []},
    "get_snapshot": {"name": "Notes", "version": "1.0.0", "tools": list(TOOLS)}}

def call(method, params, me):
    scopes = me.get("scope", "").split()
    if method in CATALOG:
        return CATALOG[method]
    if "cortex:catalog" in scopes:
        raise Refusal(403, f"A catalog token may not call '{method}'.")
    if method == "whoami":
        return {"id": me["sub"], "email": me.get("email"), "clientId": me.get("client_id"), "scopes": scopes}
    if method not in TOOLS:
        raise Refusal(400, f"Unknown method '{method}'.")
    scope, _, expected, run = TOOLS[method]
    if scope not in scopes:
        raise Refusal(403, {"required": scope})
    check_params(expected, params)
    return run(me, **params)

def fits(kind, value):
    if kind.endswith("[]"):
        return isinstance(value, list) and all(fits(kind[:-2], item) for item in value)
    return isinstance(value, bool) == (kind == "boolean") and isinstance(value, str if kind == "string" else (int, float))

def check_params(expected, given):
    if strangers := given.keys() - expected.keys():
        raise Refusal(400, f"Unknown parameters: {', '.join(strangers)}.")
    for name, kind in expected.items():
        if not (name not in given and kind.endswith("?")) and not fits(kind.rstrip("?"), given.get(name)):
            raise Refusal(400, f"Parameter '{name}' must be of type {kind.rstrip('?')}.")
# ---- The token: signature, type, issuer, audience, expiry
@functools.lru_cache(maxsize=1)  # a failure is not kept: the next token tries again
def key_client():
    with urllib.request.urlopen(f"{ISSUER}/.well-known/openid-configuration", timeout=5) as metadata:
        return jwt.PyJWKClient(json.load(metadata)["jwks_uri"])

def authenticate(authorization):
    try:
        token = (authorization or "").split(" ", 1)[-1]
        if jwt.get_unverified_header(token).get("typ") != "at+jwt":
            raise jwt.InvalidTokenError("typ is not at+jwt")
        key = key_client().get_signing_key_from_jwt(token).key
        return jwt.decode(token, key, algorithms=["ES256"], issuer=ISSUER, audience=AUDIENCE, leeway=30,
                          options={"require": ["iss", "aud", "exp", "sub"]})
    except (jwt.PyJWTError, OSError) as error:
        print(f"Token refused: {error}", flush=True)
        raise Refusal(401, "The token is missing or not valid here.") from None

class Backend(BaseHTTPRequestHandler):
    def do_POST(self):
        try:
            me = authenticate(self.headers.get("Authorization"))
            if self.path != "/api/cortex/backend":
                raise Refusal(404, "POST /api/cortex/backend")
            body = json.loads(self.rfile.read(min(int(self.headers.get("Content-Length", 0)), 262144)))
            if not isinstance(body, dict) or not isinstance(body.get("params", {}), dict):
                raise Refusal(400, "The body must be {method, params}.")
            self.reply(200, call(body.get("method"), body.get("params", {}), me))
        except Refusal as refusal:
            self.reply(refusal.status, refusal.body)
        except ValueError:
            self.reply(400, {"error": "The body is not JSON of at most 256 KiB."})

    def reply(self, status, body):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", PORT), Backend)
    print(f"Notes listen at http://127.0.0.1:{PORT}", flush=True)
    server.serve_forever()
