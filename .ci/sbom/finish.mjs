// node finish.mjs BOM LOCK_FILE PACKAGES_FOLDER: adds what only the packages on this machine say, their licenses, and refuses a bill that lacks one of them.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [bomFile, lockFile, packages] = process.argv.slice(2);
const bom = JSON.parse(readFileSync(bomFile, 'utf8'));
const locked = Object.entries(JSON.parse(readFileSync(lockFile, 'utf8')).dependencies['net10.0'])
  .map(([name, { resolved }]) => ({ name, version: resolved }));

// Where a component was found says no more than the folder that it was made in.
delete bom.metadata.properties;
for (const component of bom.components) {
  delete component.properties;
  delete component.evidence;
  component.licenses = [{ expression: licenseOf(component) }];
}

const found = new Map(bom.components.map((component) => [`${component.name}@${component.version}`, component]));
const missing = locked.map(({ name, version }) => `${name}@${version}`).filter((id) => !found.get(id)?.hashes?.length);
if (missing.length > 0 || found.size !== locked.length)
  throw new Error(`The bill names ${found.size} packages, the lock file ${locked.length}; missing or without a hash: ${missing.join(', ') || 'none'}.`);

writeFileSync(bomFile, `${JSON.stringify(bom, null, 2)}\n`);
console.log(`${found.size} packages, each with version, hash and license: ${summary()}`);

function licenseOf({ name, version }) {
  const id = name.toLowerCase();
  const specification = readFileSync(join(packages, id, version.toLowerCase(), `${id}.nuspec`), 'utf8');
  const expression = /<license type="expression">([^<]+)<\/license>/.exec(specification)?.[1];
  if (!expression) throw new Error(`Package ${name} ${version} does not say its license: look at it, and leave it out or name the license here.`);
  return expression;
}

function summary() {
  const counts = new Map();
  for (const { licenses: [{ expression }] } of bom.components) counts.set(expression, (counts.get(expression) ?? 0) + 1);
  return [...counts].sort((one, other) => other[1] - one[1]).map(([expression, count]) => `${expression} ${count}`).join(', ');
}
