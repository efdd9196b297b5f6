import { placeOf, resourceKey, resourceOfKey } from './resource-key.js';

describe('the key of a resource', () => {
  it.each([
    [{ type: 'document', id: '42' }, 'document:42'],
    [{ type: 'document', id: '' }, 'document:'],
    [{ type: 'document', id: 'a:b:c' }, 'document:a:b:c'],
  ])('is its type and its id, and names it alone: %j', (resource, key) => {
    expect(resourceKey(resource)).toBe(key);
    expect(resourceOfKey(key)).toEqual(resource);
    expect(placeOf(key)).toEqual({ resource });
  });

  it.each(['', 'a:b', ':'])('is refused for the type %j, which no permission has', (type) => {
    expect(() => resourceKey({ type, id: '42' })).toThrow(
      new TypeError('the resource names no type'),
    );
  });

  it('is not the id of a scope', () => {
    expect(resourceOfKey('folder')).toBeUndefined();
    expect(placeOf('folder')).toEqual({ scopeId: 'folder' });
  });
});
