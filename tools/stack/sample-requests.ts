import type { SampleData } from './seed.js';
import type { Platform } from './start-platform.js';

interface SampleRequest {
  readonly about: string;
  readonly person: string;
  readonly url: string;
  readonly body: object;
  readonly answer: string;
}

/** Requests to paste, each with what it answers. */
export function sampleRequests(platform: Platform, sample: SampleData): string[] {
  const { gatekeeperUrl, scopeManagementUrl } = platform;
  const grant = `granteeKind: USER, granteeId: "${sample.bobId}", roleId: "${sample.writerRoleId}", scopeId: "${sample.researchId}"`;
  const place = `permission: "document:write", scopeId: "${sample.researchId}"`;
  const question = `principal: { id: "${sample.bobId}" }, ${place}`;
  const requests: SampleRequest[] = [
    {
      about: 'Alice makes Bob a writer in Research (pasted again, it is still done once):',
      person: 'alice',
      url: `${scopeManagementUrl}/graphql`,
      body: {
        query: `mutation { assignRole(input: { ${grant} }, idempotencyKey: "tour") { assignment { granteeKind reach effect } } }`,
      },
      answer:
        '{"data":{"assignRole":{"assignment":{"granteeKind":"USER","reach":"SUBTREE","effect":"ALLOW"}}}}',
    },
    {
      about: 'gatekeeper now lets Bob write there:',
      person: 'alice',
      url: `${gatekeeperUrl}/graphql`,
      body: { query: `{ check(input: { ${question} }) { allowed reason } }` },
      answer: '{"data":{"check":{"allowed":true,"reason":"ALLOWED_BY"}}}',
    },
    {
      about: 'A service asks about Carol, who holds nothing (AuthZEN):',
      person: 'document-store',
      url: `${gatekeeperUrl}/access/v1/evaluation`,
      body: {
        subject: { type: 'user', id: sample.carolId },
        action: { name: 'write' },
        resource: { type: 'document', id: 'q3-report', properties: { scope: sample.researchId } },
      },
      answer: '{"decision":false,"context":{"reason":"NO_ASSIGNMENT", … }}',
    },
    {
      about: 'Why not, and what would let her?',
      person: 'alice',
      url: `${gatekeeperUrl}/graphql`,
      body: {
        query: `{ explain(principal: { id: "${sample.carolId}" }, ${place}) { reason remedies { items { changes { kind } } } } }`,
      },
      answer:
        '{"data":{"explain":{"reason":"NO_ASSIGNMENT","remedies":{"items":[{"changes":[{"kind":"ASSIGN_ROLE"}]}, … ]}}}}',
    },
    {
      about: 'And who may?',
      person: 'alice',
      url: `${gatekeeperUrl}/graphql`,
      body: { query: `{ principalsWithAccess(${place}) { totalCount items } }` },
      answer: '{"data":{"principalsWithAccess":{"totalCount":2,"items":[ … ]}}}',
    },
  ];
  return requests.flatMap(({ about, person, url, body, answer }, index) => [
    `${index + 1}. ${about}`,
    `curl -s ${url} -H "authorization: Bearer $(npm run --silent token -- ${person})" \\`,
    `  -H 'content-type: application/json' -d '${JSON.stringify(body)}'`,
    `   → ${answer}`,
    '',
  ]);
}
