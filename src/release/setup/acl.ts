/**
 * Access lists of folders as the kernel keeps them (acl(5), `system.posix_acl_access`): version 2 in 4 bytes, then entries
 * of 8: tag, rights, id. Every number is little-endian.
 */
export interface AclEntry {
  tag: number;
  /** 4 read, 2 write, 1 enter. */
  rights: number;
  id: number;
}

const tags = { owner: 1, user: 2, group: 4, namedGroup: 8, mask: 16, other: 32 } as const;
const noId = 0xffffffff;

/** The list of a folder; one that has none means its mode, `750`. */
export function aclOf(base64: string, mode: string): AclEntry[] {
  const bytes = Buffer.from(base64, "base64");
  if (bytes.length < 4) {
    const [owner, group, other] = [...mode.slice(-3)].map(Number) as [number, number, number];
    const entry = (tag: number, rights: number) => ({ tag, rights, id: noId });
    return [entry(tags.owner, owner), entry(tags.group, group), entry(tags.other, other)];
  }
  return Array.from({ length: (bytes.length - 4) / 8 }, (_, index) => {
    const at = 4 + index * 8;
    const [tag, rights] = [bytes.readUInt16LE(at), bytes.readUInt16LE(at + 2)];
    return { tag, rights, id: bytes.readUInt32LE(at + 4) };
  });
}

/** Whether a user that is not the owner may enter; `member`: it is in the folder's group. */
export function mayEnter(acl: AclEntry[], uid: number, member: boolean): boolean {
  const enters = (entry: AclEntry | undefined) => ((entry?.rights ?? 0) & 1) !== 0;
  const find = (tag: number) => acl.find((entry) => entry.tag === tag);
  const mask = find(tags.mask);
  const unmasked = !mask || enters(mask);
  const own = acl.find((entry) => entry.tag === tags.user && entry.id === uid);
  if (own) return enters(own) && unmasked;
  return member ? enters(find(tags.group)) && unmasked : enters(find(tags.other));
}

/** The list with one user more who may enter, in base64. What others may stays as it is. */
export function withEntry(acl: AclEntry[], uid: number): string {
  const rest = acl.filter(
    (entry) => !(entry.tag === tags.user && entry.id === uid) && entry.tag !== tags.mask,
  );
  const before = acl.find((entry) => entry.tag === tags.user && entry.id === uid);
  const named = [...rest, { tag: tags.user, rights: (before?.rights ?? 0) | 1, id: uid }];
  const masked = named.filter(
    ({ tag }) => tag === tags.user || tag === tags.group || tag === tags.namedGroup,
  );
  const rights = masked.reduce((all, entry) => all | entry.rights, 0);
  const entries = [...named, { tag: tags.mask, rights, id: noId }].sort(
    (a, b) => a.tag - b.tag || a.id - b.id,
  );
  const bytes = Buffer.alloc(4 + entries.length * 8);
  bytes.writeUInt32LE(2, 0);
  for (const [index, { tag, rights, id }] of entries.entries()) {
    bytes.writeUInt16LE(tag, 4 + index * 8);
    bytes.writeUInt16LE(rights, 6 + index * 8);
    bytes.writeUInt32LE(id, 8 + index * 8);
  }
  return bytes.toString("base64");
}
