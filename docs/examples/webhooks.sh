#!/bin/sh
# Manages a webhook with curl: sh webhooks.sh https://tool.example/hook
# Environment: ATENEO_URL, ATENEO_CLIENT_ID, ATENEO_CLIENT_SECRET.
set -eu
url=${ATENEO_URL:-http://localhost:3000}
id=$(cat /proc/sys/kernel/random/uuid 2>/dev/null || uuidgen)

token=$(curl -sS --fail -u "$ATENEO_CLIENT_ID:$ATENEO_CLIENT_SECRET" -d grant_type=client_credentials \
  "$url/realms/ateneo/protocol/openid-connect/token" | sed -n 's/.*"access_token":"\([^"]*\)".*/\1/p')
call() { curl -sS --fail -X "$1" -H "authorization: Bearer $token" "$url/api/webhooks$2" ${3:+-H 'content-type: application/json' -d "$3"}; echo; }

echo 'Register; the secret is shown this once:'
call POST '' "{\"webhookId\":\"$id\",\"url\":\"$1\",\"types\":[\"logbook.entry-validated\",\"identity.person-erased\"]}"
echo 'Try it:'
call POST "/$id/test"
echo 'How it goes:'
call GET "/$id"
echo 'What was given up after 24 hours, and all of it again:'
call GET "/$id/deliveries?state=dead"
call POST "/$id/redelivery"
echo 'A new secret; for 24 hours deliveries carry the signatures of both:'
call POST "/$id/secret"
echo 'Hold it, let it go on, remove it:'
call POST "/$id/pause"
call POST "/$id/resume"
call DELETE "/$id"
