/**
 * The headers of a message in CloudEvents' binary mode, and the AMQP properties beside them. What
 * the services really send is held to this by a test of libs/platform.
 */
export function cloudEventHeaders(type: string): unknown {
  const text = { type: 'string', minLength: 1 };
  return {
    type: 'object',
    required: [
      'cloudEvents_specversion',
      'cloudEvents_id',
      'cloudEvents_source',
      'cloudEvents_type',
      'cloudEvents_subject',
      'cloudEvents_time',
    ],
    properties: {
      cloudEvents_specversion: { const: '1.0' },
      cloudEvents_id: {
        ...text,
        description: 'Unique at its source and the same on every retry; also the message id.',
      },
      cloudEvents_source: { ...text, description: 'The service that sent it.' },
      cloudEvents_type: { const: type, description: 'Also the AMQP message type.' },
      cloudEvents_subject: {
        ...text,
        description: 'What it is about: the id of a tenant or of a consumer.',
      },
      cloudEvents_time: {
        type: 'string',
        format: 'date-time',
        description: 'When it happened; in whole seconds also the AMQP timestamp.',
      },
      traceparent: {
        type: 'string',
        pattern: '^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$',
        description: 'W3C Trace Context of the request that caused it.',
      },
    },
  };
}
