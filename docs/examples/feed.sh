#!/bin/sh
# Follows the public events as server-sent events with curl: sh feed.sh [cursor]
# Environment: ATENEO_URL, ATENEO_CLIENT_ID, ATENEO_CLIENT_SECRET, SECONDS_TO_LISTEN (default 10).
set -eu
url=${ATENEO_URL:-http://localhost:3000}

token=$(curl -sS --fail -u "$ATENEO_CLIENT_ID:$ATENEO_CLIENT_SECRET" -d grant_type=client_credentials \
  "$url/realms/ateneo/protocol/openid-connect/token" | sed -n 's/.*"access_token":"\([^"]*\)".*/\1/p')

# One page first: {"events":[…],"next":"<cursor>","more":false}
page=$(curl -sS --fail -H "authorization: Bearer $token" "$url/api/events?limit=2${1:+&cursor=$1}")
cursor=$(printf '%s' "$page" | sed -n 's/.*"next":"\([^"]*\)".*/\1/p')
printf 'cursor after the first page: %s\n' "$cursor"

# Then live. Each event comes as «id: <cursor>», «event: <type>», «data: <CloudEvent>»; the id goes back as Last-Event-ID after a break.
curl -sS -N --max-time "${SECONDS_TO_LISTEN:-10}" \
  -H "authorization: Bearer $token" -H 'accept: text/event-stream' -H "last-event-id: $cursor" "$url/api/events" || [ $? -eq 28 ]
