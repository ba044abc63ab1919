#!/usr/bin/env python3
"""Receives webhooks of Ateneo with Python's standard library: registers itself, checks signatures, drops repeats.

Environment: ATENEO_URL, ATENEO_CLIENT_ID, ATENEO_CLIENT_SECRET, LISTEN_PORT, HOOK_URL (how Ateneo reaches this server),
DATABASE (default received.sqlite). Behind a proxy that ends TLS, HOOK_URL is the proxy's https address.
"""
import base64
import hashlib
import hmac
import json
import os
import sqlite3
import time
import urllib.parse
import urllib.request
import uuid
from http.server import BaseHTTPRequestHandler, HTTPServer

URL = os.environ.get("ATENEO_URL", "http://localhost:3000")
TOLERANCE_SECONDS = 300
MOST_BYTES = 512 * 1024

database = sqlite3.connect(os.environ.get("DATABASE", "received.sqlite"))
database.execute("CREATE TABLE IF NOT EXISTS event (id TEXT PRIMARY KEY, type TEXT, subject TEXT, data TEXT)")


def post(path, body, headers):
    request = urllib.request.Request(URL + path, data=body, headers=headers, method="POST")
    with urllib.request.urlopen(request, timeout=10) as response:
        return json.load(response)


def register():
    """Answers the secret of a new webhook. Keep it: it is shown once."""
    client = f"{os.environ['ATENEO_CLIENT_ID']}:{os.environ['ATENEO_CLIENT_SECRET']}"
    basic = base64.b64encode(client.encode()).decode()
    form = urllib.parse.urlencode({"grant_type": "client_credentials"}).encode()
    token = post("/realms/ateneo/protocol/openid-connect/token", form, {"authorization": f"Basic {basic}"})["access_token"]
    asked = {"webhookId": str(uuid.uuid4()), "url": os.environ["HOOK_URL"], "types": ["logbook.", "identity.person-erased"], "from": "beginning"}
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
    return post("/api/webhooks", json.dumps(asked).encode(), headers)["secret"]


def is_genuine(headers, body, secret):
    """Standard Webhooks: HMAC-SHA-256 of «id.timestamp.body»; one of the signatures must fit, and the time must be near."""
    event_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not timestamp.isdigit() or abs(time.time() - int(timestamp)) > TOLERANCE_SECONDS:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    wanted = base64.b64encode(hmac.new(key, f"{event_id}.{timestamp}.".encode() + body, hashlib.sha256).digest()).decode()
    given = [one.removeprefix("v1,") for one in headers.get("webhook-signature", "").split(" ")]
    return any(hmac.compare_digest(wanted, one) for one in given)


def take(event):
    """Your work with one event, in one transaction with its id: a repeat finds the id and does nothing."""
    with database:
        new = database.execute(
            "INSERT OR IGNORE INTO event VALUES (?, ?, ?, ?)",
            (event["id"], event["type"], event["subject"], json.dumps(event["data"])),
        ).rowcount
        print("taken" if new else "repeat", event["id"], event["type"], event["subject"], flush=True)


class Receiver(BaseHTTPRequestHandler):
    timeout = 10

    def do_POST(self):
        length = int(self.headers.get("content-length", 0))
        if length > MOST_BYTES:
            return self.answer(413)
        body = self.rfile.read(length)
        if not is_genuine(self.headers, body, secret):
            return self.answer(401)
        take(json.loads(body))
        self.answer(204)

    def answer(self, status):
        self.send_response(status)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", int(os.environ.get("LISTEN_PORT", "8080"))), Receiver)
secret = os.environ.get("WEBHOOK_SECRET") or register()
print("listening", flush=True)
server.serve_forever()
