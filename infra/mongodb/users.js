// mongosh --nodb --file users.js: makes the replica set and its users, or what of them is missing. Reads /run/keys, or KEYS_FOLDER.
const { readFileSync } = require('node:fs');
const host = process.env.MONGODB_HOST ?? 'mongodb:27017';
const keys = process.env.KEYS_FOLDER ?? '/run/keys';
const password = readFileSync(`${keys}/root-password`, 'utf8');

const connection = new Mongo(`mongodb://root:${password}@${host}/?authSource=admin&directConnection=true`);
const admin = connection.getDB('admin');
if (isNew()) admin.runCommand({ replSetInitiate: { _id: 'rs0', members: [{ _id: 0, host }] } });

for (let seconds = 0; !admin.runCommand({ hello: 1 }).isWritablePrimary; seconds++) {
  if (seconds === 60) throw new Error('the replica set has no primary after 60 s');
  sleep(1000);
}

for (const { user, pwd, databases } of JSON.parse(readFileSync(`${keys}/users.json`, 'utf8'))) {
  const roles = databases.map((db) => ({ role: 'readWrite', db }));
  if (admin.getUser(user)) admin.updateUser(user, { pwd, roles });
  else admin.createUser({ user, pwd, roles });
}
print('the replica set and its users are there');

/** What a server refuses comes out of runCommand as an error of mongosh. */
function isNew() {
  try {
    admin.runCommand({ replSetGetStatus: 1 });
    return false;
  } catch (error) {
    if (error.codeName === 'NotYetInitialized') return true;
    throw error;
  }
}
