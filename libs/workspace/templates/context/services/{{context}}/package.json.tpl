{
  "name": "@ateneo/{{context}}",
  "private": true,
  "version": "0.9.0",
  "type": "module",
  "license": "EUPL-1.2",
  "exports": {
    ".": {
      "source": "./src/{{context}}.module.ts",
      "types": "./src/{{context}}.module.ts",
      "default": "./dist/{{context}}.module.js"
    }
  },
  "dependencies": {},
  "nx": {
    "tags": ["type:service"]
  },
  "scripts": {
    "build": "swc src -d dist --strip-leading-paths --config-file ../../.swcrc --ignore \"**/*.spec.ts\"",
    "typecheck": "tsc -p tsconfig.json",
    "test": "node ../../libs/workspace/src/test.mjs .",
    "lint": "eslint ."
  }
}
